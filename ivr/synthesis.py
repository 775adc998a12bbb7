"""The synthesiser port: any command that reads text on standard input and writes WAV to its output."""

from __future__ import annotations

import asyncio
import os
import shlex

DEFAULT_COMMAND = "espeak-ng -v {language} --stdin --stdout"
SECONDS = 30.0
"""Time that one text may take."""


class SpeechUnavailable(Exception):
    """No speech can be made now; the text says what to install or set."""


class Synthesiser:
    """Runs ``command`` once a text; ``{language}`` in it becomes ``fa`` or ``en``.

    ValueError for a command that no shell would take. At most as many run at once as there are
    processors.
    """

    def __init__(self, command: str = DEFAULT_COMMAND, *, seconds: float = SECONDS) -> None:
        self.command = command
        self._words = shlex.split(command)
        if not self._words:
            raise ValueError("the speech command is empty")
        self._seconds = seconds
        self._running = asyncio.Semaphore(os.cpu_count() or 1)

    async def speak(self, text: str, language: str) -> bytes:
        """``text`` as a WAV file. Raises :class:`SpeechUnavailable`."""
        words = [word.replace("{language}", language) for word in self._words]
        async with self._running:
            try:
                process = await asyncio.create_subprocess_exec(
                    *words,
                    stdin=asyncio.subprocess.PIPE,
                    stdout=asyncio.subprocess.PIPE,
                    stderr=asyncio.subprocess.DEVNULL,
                )
            except OSError as error:
                raise SpeechUnavailable(
                    f"{words[0]} can't be started ({error.strerror}): install it (the Debian package"
                    " espeak-ng), or set GOOYA_IVR_SPEECH to another command"
                ) from error
            try:
                async with asyncio.timeout(self._seconds):
                    sound, _ = await process.communicate(text.encode())
            except TimeoutError as error:
                raise SpeechUnavailable(
                    f"{words[0]} took longer than {self._seconds:g} seconds"
                ) from error
            finally:
                if process.returncode is None:
                    process.kill()
                    await process.communicate()  # until its pipes are closed, too
        if process.returncode or not sound:
            raise SpeechUnavailable(
                f"{words[0]} made no sound (exit code {process.returncode}): try GOOYA_IVR_SPEECH's"
                f" command by hand, with {language!r} for its language"
            )
        return sound
