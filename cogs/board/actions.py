"""What the controls of a board do."""

from dataclasses import replace

from bot.core.board import Board, Scope
from bot.services.board import Page
from cogs.board import render
from cogs.board.ids import Asked
from cogs.ui.board_picture import board_file
from cogs.ui.press import Interaction, privately


async def _read(interaction: Interaction, asked: Asked, called: str = "") -> tuple[Page, Asked]:
    page = await interaction.client.services.board.page(
        interaction.guild_id or 0,
        asked.scope,
        asked.metric,
        asked.span,
        interaction.user.id,
        group=asked.group or None,
        back=asked.back,
        title=interaction.guild.name if interaction.guild else "",
        called=called,
    )
    return page, replace(asked, group=page.group) if asked.scope is Scope.GROUP else replace(asked, group=0)


async def show_board(interaction: Interaction, asked: Asked) -> None:
    """The reader's own board, in place of the one it was asked from."""
    page, asked = await _read(interaction, asked, interaction.user.display_name)
    view = render.page(page.board, asked, page.groups, organiser=interaction.permissions.manage_guild)
    if privately(interaction):
        await interaction.response.edit_message(view=view)
    else:
        await interaction.response.send_message(view=view, ephemeral=True)


async def show_picture(interaction: Interaction, asked: Asked) -> None:
    """The reader's own board as a picture, for their eyes alone."""
    page, asked = await _read(interaction, asked, interaction.user.display_name)
    file = await board_file(page.board)
    await interaction.response.send_message(view=render.pictured(page.board, asked, file), file=file, ephemeral=True)


async def share(interaction: Interaction, asked: Asked, *, picture: bool) -> None:
    """The board for everybody in the channel, without a trace of who asked."""
    page, asked = await _read(interaction, asked)
    board: Board = page.board.public
    if not picture:
        await interaction.response.send_message(view=render.shared(board, asked))
        return
    file = await board_file(board)
    await interaction.response.send_message(view=render.shared(board, asked, file), file=file)
