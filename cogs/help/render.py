"""How help and the notices look."""

from collections.abc import Sequence

from discord import ui

from bot import __version__
from bot.core.codes import Release
from bot.core.content import Content, Difficulty
from bot.core.scores import POINTS, PRACTICE_AT_MOST
from bot.core.streaks import FREEZE_EVERY, FREEZES_AT_MOST
from cogs.ui.layout import BLUE, Child, footer, gap, layout, line, plain


def help_page(*, in_guild: bool, organiser: bool) -> ui.LayoutView:
    """Help for somebody in a server or in direct messages, and for those who may manage the server."""
    easy, medium, hard = (POINTS[difficulty] for difficulty in Difficulty)
    learner = (
        "**The daily question**  Press A to D under the post. You have one try, and only you see the result: right or "
        "wrong, why each option is right or wrong, and where to read the rule. At the reveal the post shows the key "
        "and how everyone answered.",
        "**/daily**  Today's question if you missed it, your streak and freezes, and past questions to practise on.",
        f"**Points**  {easy}, {medium} or {hard} for a right first try, by difficulty: the daily question before its reveal, "
        f"live rounds, and practice up to {PRACTICE_AT_MOST} points a day. A question counts once a month; speed never counts.",
        "**/board**  Who stands where: this server, your study group, or groups against each other; by week, month or all "
        "time; by points, accuracy or streak. Your own rank is always there, and each month ends with a result.",
        f"**Streak**  One for each daily question in a row answered in time. Every {FREEZE_EVERY} in a row earn a "
        f"freeze ({FREEZES_AT_MOST} at most), which protects a missed day without counting it.",
        "**Report**  Press it when a key looks wrong: organisers are told, and three reports take a question out of use.",
        "**/code lookup**  A code, or what you look for in words: path, notes with their place, 7th characters, dates. "
        "**/code together** says what the notes say of two codes, and **/code drill** asks you endless questions made from the code set.",
        "**/explain**  A concept of coding by its name or in your own words: the rule, an example, the usual trap, and "
        "practice questions on it that nobody scores.",
        "**/quiz start**  Private practice by exam, area, topic and difficulty: unseen questions first, then your weak areas, "
        "with a summary of what to study next. **/quiz resume** goes on with it on any device.",
        "**/quiz live**  A round for this channel or thread: everyone answers privately and may change it until the time is "
        "over. Points need two players, and a question you have not answered this month.",
        "**/cert**  What is known about an exam and its issuer, two or three exams beside each other, and the path to a "
        "credential, with sources and dates.",
        "**/exam**  The dates of your exams, with reminders of what matters by then; /remind settings says when and where "
        "they reach you. Only you see them. **/exam plan** shares out your hours a week until then, more of them for what you know "
        "least, and **/exam calendar** takes it all along as a file.",
        "**/ceu**  Your CEUs: what each credential needs in its cycle, what you earned, what is missing and the pace it takes, "
        "with reminders before the end only while something is missing, and a file for your records.",
        "**/group**  Study groups: create or join one, give it a weekly goal, and plan study sessions with a reminder and "
        "a list of who came.",
        "**/privacy**  Export or delete what is stored about you, or choose how boards show you: by name, by a made-up name, or not at all.",
    )
    extra: list[Child] = []
    if not in_guild:
        extra = [
            line(),
            "The daily question lives in servers. Ask an organiser of yours to add this bot and type /setup.",
        ]
    elif organiser:
        extra = [
            line(),
            "**/setup**  For organisers: choose the channel, and the daily question runs. Time, zone, exam, role to ping, reveal and reported questions are on the same panel. "
            "On /board you choose a role for the winners of each month.",
        ]
    return layout(
        "### CodeRounds",
        "\n\n".join(learner),
        *extra,
        footer("/about shows versions, sources and notices"),
        accent=BLUE,
    )


def about(content: Content, releases: Sequence[Release]) -> ui.LayoutView:
    years = sorted({item.code_year for item in content.items.values()})
    newest = max((item.as_of for item in content.items.values()), default=None)
    asked = [exam for exam in content.exams.values() if content.pool(exam)]
    exams = ", ".join(f"{plain(exam.name)} ({plain(exam.issuer)})" for exam in asked) or "none"
    return layout(
        f"### CodeRounds {__version__}",
        "A study companion for US medical-coding exams. It teaches and never bills: it is no coding advice, and nothing about real patients "
        "belongs in it. Your current code books and the issuer have the last word.",
        gap(),
        f"**Content**  {len(content.items)} questions, {len(content.concepts)} explanations; code years {', '.join(map(str, years)) or 'none'}; "
        f"last checked {newest.isoformat() if newest else 'never'}. Questions follow the blueprints of {exams}; "
        f"/cert describes {len(content.exams)} exams.",
        gap(),
        f"**Code sets**  {_releases(releases)}",
        gap(),
        "**Notices**  Not affiliated with or endorsed by AAPC, AHIMA or the AMA, nor by PMI. CPT is a registered trademark of the American Medical "
        "Association. CPC, COC and other credential names are marks of their owners and only name the exams. ICD-10-CM and HCPCS Level II "
        "are maintained by US government agencies. Questions are original; none is recalled from an exam.",
        footer("Code: MIT licence", "questions and explanations: CC BY 4.0"),
        accent=BLUE,
    )


def _releases(releases: Sequence[Release]) -> str:
    if not releases:
        return "none installed"
    spans = (f"until {release.until}" if release.until else f"from {release.effective}" for release in releases)
    return "; ".join(
        f"{release.system} {plain(release.name)} ({span})" for release, span in zip(releases, spans, strict=True)
    )
