"""What the controls of a board do."""

from bot.core.board import Asked, Board
from bot.services.board import Page
from cogs.board import render
from cogs.board.ids import What, after
from cogs.board.picture import board_file
from cogs.ui.press import Interaction, show


async def use(interaction: Interaction, what: What, asked: Asked, value: str) -> None:
    """What a control does with the board it names; `value` is what was chosen in a select."""
    asked = after(asked, what, value)
    match what:
        case What.PICTURE:
            await show_picture(interaction, asked)
        case What.SHARE:
            await share(interaction, asked, picture=False)
        case What.SHARE_PICTURE:
            await share(interaction, asked, picture=True)
        case _:
            await show_board(interaction, asked)


async def _read(interaction: Interaction, asked: Asked, called: str = "") -> Page:
    title = interaction.guild.name if interaction.guild else ""
    boards = interaction.client.services.board
    return await boards.page(interaction.guild_id or 0, interaction.user.id, asked, title=title, called=called)


async def show_board(interaction: Interaction, asked: Asked) -> None:
    """The reader's own board, in place of the one it was asked from."""
    page = await _read(interaction, asked, interaction.user.display_name)
    await show(interaction, render.page(page, organiser=interaction.permissions.manage_guild))


async def show_picture(interaction: Interaction, asked: Asked) -> None:
    """The reader's own board as a picture, for their eyes alone."""
    page = await _read(interaction, asked, interaction.user.display_name)
    file = await board_file(page.board)
    view = render.pictured(page.board, page.asked, file)
    await interaction.response.send_message(view=view, file=file, ephemeral=True)


async def share(interaction: Interaction, asked: Asked, *, picture: bool) -> None:
    """The board for everybody in the channel, without a trace of who asked."""
    page = await _read(interaction, asked)
    board: Board = page.board.public
    if not picture:
        await interaction.response.send_message(view=render.shared(board, page.asked))
        return
    file = await board_file(board)
    await interaction.response.send_message(view=render.shared(board, page.asked, file), file=file)
