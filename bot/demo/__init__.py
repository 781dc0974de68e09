"""The real bot in a simulated Discord server, shown in the browser; nothing leaves the machine."""

from bot.demo.run import DemoFault, run_demo

__all__ = ["DemoFault", "run_demo"]
