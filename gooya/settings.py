"""Settings: ``GOOYA_*`` environment variables over a ``gooya.toml``, with defaults that just work.

Every setting ``x`` is the key ``x`` of the file and the variable ``GOOYA_X``; ``GOOYA_X_FILE`` names
a file that holds the value (a container secret).
"""

from __future__ import annotations

import difflib
import os
import secrets
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal, NamedTuple
from urllib.parse import urlsplit

import msgspec
import sqlalchemy as sa

from gooya.operators import Operators
from gooya.quiet import QuietHours

PREFIX = "GOOYA_"
CONFIG_FILE = "gooya.toml"


def about(text: str, **bounds: Any) -> msgspec.Meta:
    """What a setting means, for ``gooya serve --help`` and the settings page of the docs."""
    return msgspec.Meta(description=text, **bounds)


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    data: Annotated[str, about("Folder of everything embedded: databases, state, key.")] = "var"
    http: Annotated[str, about("host:port to listen on.")] = "127.0.0.1:8080"
    database: Annotated[str, about("SQLAlchemy URL; empty: SQLite in the data folder.")] = ""
    state: Annotated[str, about("State store: redis://… or a file; empty: SQLite in data.")] = ""
    language: Annotated[Literal["fa", "en"], about("Language of new customers.")] = "fa"
    secret: Annotated[str, about("Key of one-time codes; empty: made once in the data folder.")] = (
        ""
    )
    demo: Annotated[bool, about("Serve the simulators on / (never beside real customers).")] = False

    backend_url: Annotated[str, about("Base URL of the utility's backend; empty: the sandbox.")] = (
        ""
    )
    backend_key: Annotated[str, about("Bearer key for the backend.")] = "sandbox-key"
    backend_secret: Annotated[str, about("Secret that signs the backend's status events.")] = (
        "sandbox-secret"  # noqa: S105 - of the sandbox; refuse_unsafe() takes it for no other backend
    )
    stage_seconds: Annotated[float, about("Seconds per stage in the embedded sandbox.")] = 20.0

    sms_gateway: Annotated[
        Literal["simulator", "kannel", "kannel-http", "kavenegar"], about("The SMS gateway.")
    ] = "simulator"
    sms_line: Annotated[str, about("Our two-way number.")] = "20001521"
    sms_secret: Annotated[str, about("Secret of the inbound webhooks (?secret=…).")] = ""
    sms_kannel: Annotated[str, about("host:port of bearerbox's smsbox-port.")] = "127.0.0.1:13001"
    sms_kannel_box: Annotated[str, about("Box id in Kannel's smsbox-route group.")] = "gooya"
    sms_kannel_url: Annotated[str, about("sendsms URL for kannel-http.")] = (
        "http://127.0.0.1:13013/cgi-bin/sendsms"
    )
    sms_kannel_user: Annotated[str, about("sendsms user for kannel-http.")] = "gooya"
    sms_kannel_password: Annotated[str, about("sendsms password for kannel-http.")] = ""
    sms_public_url: Annotated[str, about("Our own base URL as the gateway reaches it.")] = ""
    sms_kavenegar_key: Annotated[str, about("Kavenegar API key.")] = ""
    sms_kavenegar_url: Annotated[str, about("Kavenegar base URL.")] = "https://api.kavenegar.com"

    spoken_codes: Annotated[
        Literal["", "simulator", "kavenegar", "asterisk"],
        about(
            "Who calls the registered mobile and says a one-time code to whoever asks for that: the SMS"
            " gateway of this name, or our Asterisk; empty: nobody."
        ),
    ] = ""

    telegram_token: Annotated[str, about("Bot token from BotFather; empty: no Telegram.")] = ""
    telegram_api: Annotated[str, about("Base URL of the Bot API; empty: Telegram's own.")] = ""
    telegram_webhook: Annotated[
        str, about("Our public https base URL for Telegram's webhook; empty: long polling.")
    ] = ""
    bale_token: Annotated[str, about("Bot token of Bale; empty: no Bale.")] = ""
    bale_api: Annotated[str, about("Base URL of Bale's Bot API; empty: Bale's own.")] = ""
    bale_webhook: Annotated[
        str, about("Our public https base URL for Bale's webhook; empty: long polling.")
    ] = ""

    nlu: Annotated[
        str,
        about("Base URL of a Rasa server that understands free texts; empty: the engine in here."),
    ] = ""
    nlu_token: Annotated[
        str, about("Token that the Rasa server was started with (--auth-token).")
    ] = ""
    nlu_inbox: Annotated[
        bool,
        about("Keep texts that were not understood, masked, for `gooya nlu inbox`."),
    ] = False
    ari_url: Annotated[
        str, about("Asterisk's ARI, http://user:password@host:8088; empty: no telephone.")
    ] = ""
    ari_app: Annotated[
        str,
        about(
            "Our Stasis application; a second process with the same one stands by for the first."
        ),
    ] = "gooya"
    ari_dial: Annotated[
        str,
        about(
            "Where Asterisk calls a mobile to say a code, as PJSIP/{number}@trunk with 09… in it."
        ),
    ] = ""
    ivr_prompts: Annotated[
        str, about("Folder of the voice clips, readable by Asterisk; empty: in data.")
    ] = ""
    ivr_speech: Annotated[
        str, about("Command that speaks: text on its input, WAV on its output.")
    ] = "espeak-ng -v {language} --stdin --stdout"
    ivr_operator: Annotated[str, about("Dialplan context that takes calls for the operators.")] = (
        "gooya-operator"
    )
    operator_hours: Annotated[
        str, about("When operators take calls: 'sat-wed 07:30-14:30, thu 07:30-12:30', or always.")
    ] = "always"

    quiet_hours: Annotated[
        str, about("Hours in Tehran in which news of requests wait, as 22-8; empty: none.")
    ] = "22-8"
    retention_days: Annotated[int, about("Days a transcript is kept.", ge=1)] = 90
    log_level: Annotated[Literal["debug", "info", "warning", "error"], about("Log level.")] = "info"

    @property
    def folder(self) -> Path:
        return Path(self.data)

    @property
    def database_url(self) -> str:
        return self.database or f"sqlite:///{self.folder / 'gooya.db'}"

    @property
    def state_url(self) -> str:
        return self.state or str(self.folder / "state.db")

    @property
    def prompts_folder(self) -> Path:
        """Where the voice clips are, as an absolute path: Asterisk has a folder of its own."""
        return (Path(self.ivr_prompts) if self.ivr_prompts else self.folder / "prompts").resolve()

    @property
    def address(self) -> tuple[str, int]:
        """Host and port to listen on."""
        return host_port(self.http, "GOOYA_HTTP")

    def key(self) -> bytes:
        """The key of one-time codes; made and kept in the data folder when none is set."""
        if self.secret:
            return self.secret.encode()
        path = self.folder / "secret"
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with open(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
                file.write(secrets.token_hex(32))
        except FileExistsError:
            pass
        return path.read_bytes()


def refuse_unsafe(settings: Settings) -> None:
    """Raise :class:`SettingsError` for what would let strangers act for customers.

    The simulator has no authentication and shows every phone's messages, one-time codes included;
    whoever knows the backend's secret can invent its events.
    """
    hosts = [settings.address[0]]
    # Where a messenger reaches us, others may.
    hosts += [urlsplit(url).hostname or "" for url in _public_urls(settings)]
    public = [host for host in hosts if host not in ("127.0.0.1", "::1", "localhost")]
    if settings.sms_gateway == "simulator" and not settings.demo and public:
        raise SettingsError(
            f"the SMS simulator would be open to everybody on {public[0]}: choose"
            " GOOYA_SMS_GATEWAY, or say GOOYA_DEMO=1 where no customer is"
        )
    if settings.sms_gateway != "simulator" and settings.demo:
        raise SettingsError(
            "GOOYA_DEMO: on the demo page everybody can be any customer; not beside the real ones"
            f" of GOOYA_SMS_GATEWAY={settings.sms_gateway}"
        )
    default = Settings().backend_secret
    if settings.backend_url and not settings.demo and settings.backend_secret == default:
        raise SettingsError("GOOYA_BACKEND_SECRET is needed: it signs the backend's events")


def _public_urls(settings: Settings) -> list[str]:
    ways = (
        (settings.telegram_token, settings.telegram_webhook),
        (settings.bale_token, settings.bale_webhook),
    )
    return [url for token, url in ways if token and url]


class SettingsError(Exception):
    """A setting that can't be used: which one and why."""


def host_port(text: str, variable: str) -> tuple[str, int]:
    """``host:port`` in two. Raises :class:`SettingsError` that names ``variable``."""
    host, _, port = text.rpartition(":")
    if not host or not (port.isascii() and port.isdecimal()) or int(port) > 65535:
        raise SettingsError(f"{variable}: expected host:port, got {text!r}")
    return host, int(port)


def load(
    environ: Mapping[str, str] = os.environ, file: Path | None = None, **given: Any
) -> Settings:
    """Defaults, then the file, then the environment, then ``given`` (command line; None is unset).

    Raises :class:`SettingsError` for an unknown name or a value of the wrong kind.
    """
    values: dict[str, Any] = {}
    path = file or Path(CONFIG_FILE)
    if path.exists():
        try:
            values = tomllib.loads(path.read_text("utf-8"))
        except tomllib.TOMLDecodeError as error:
            raise SettingsError(f"{path}: {error}") from error
    elif file is not None:
        raise SettingsError(f"{file} does not exist")
    names = set(Settings.__struct_fields__)
    for name in sorted(names):
        variable = PREFIX + name.upper()
        if variable in environ:
            values[name] = environ[variable]
        elif f"{variable}_FILE" in environ:
            try:
                values[name] = Path(environ[f"{variable}_FILE"]).read_text("utf-8").strip()
            except OSError as error:
                raise SettingsError(f"{variable}_FILE: {error.strerror}") from error
    values.update({name: value for name, value in given.items() if value is not None})
    for name in values:
        if name not in names:
            near = "".join(difflib.get_close_matches(name, names, 1))
            meant = f"; is {near!r} meant?" if near else "; `gooya serve --help` lists them all"
            raise SettingsError(f"{path}: there is no setting {name!r}{meant}")
    try:
        settings = msgspec.convert(values, Settings, strict=False)
    except msgspec.ValidationError as error:
        raise SettingsError(_with_variable(str(error))) from error
    _check_addresses(settings)
    _check_spoken_codes(settings)
    return settings


_KINDS: Final = {"int": "a whole number", "float": "a number", "bool": "1 or 0"}


def _with_variable(complaint: str) -> str:
    """msgspec's complaint, beginning with the variable it is about, with the values that are right."""
    reason, at, path = complaint.partition(" - at `$.")
    if not at:
        return complaint
    variable = PREFIX + path.rstrip("`").upper()
    if reason.startswith("Expected `str`, got "):
        reason = "expected text, in quotes"
    for kind, words in _KINDS.items():
        reason = reason.replace(f"Expected `{kind}`, got `str`", f"expected {words}")
    setting = next(setting for setting in explained() if setting.variable == variable)
    known = ", ".join(setting.named())
    return f"{variable}: {reason}; one of {known}" if known else f"{variable}: {reason}"


def unknown(environ: Mapping[str, str] = os.environ) -> list[str]:
    """``GOOYA_*`` variables that no setting has: perhaps misspelt. The names of compose's own are
    among them where its shell is ours."""
    names = {PREFIX + name.upper() for name in Settings.__struct_fields__}
    ours = sorted(name for name in environ if name.startswith(PREFIX))
    return [name for name in ours if name.removesuffix("_FILE") not in names]


_URLS: Final = (
    "backend_url",
    "sms_kannel_url",
    "sms_public_url",
    "sms_kavenegar_url",
    "telegram_api",
    "telegram_webhook",
    "bale_api",
    "bale_webhook",
    "nlu",
)


def _is_http(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def _check_addresses(settings: Settings) -> None:
    host_port(settings.http, "GOOYA_HTTP")
    host_port(settings.sms_kannel, "GOOYA_SMS_KANNEL")
    try:
        Operators(settings.operator_hours)
    except ValueError as error:
        raise SettingsError(f"GOOYA_OPERATOR_HOURS: {error}") from None
    try:
        QuietHours(settings.quiet_hours)
    except ValueError as error:
        raise SettingsError(f"GOOYA_QUIET_HOURS: {error}") from None
    for name in _URLS:
        if (url := getattr(settings, name)) and not _is_http(url):
            raise SettingsError(f"{PREFIX}{name.upper()}: expected http(s)://…")
    if settings.ari_url:
        ari = urlsplit(settings.ari_url)
        if ari.scheme not in ("http", "https") or not (ari.hostname and ari.username):
            raise SettingsError("GOOYA_ARI_URL: expected http://user:password@host:8088")
    try:
        engine = sa.make_url(settings.database_url).get_backend_name()
    except (sa.exc.ArgumentError, ValueError):
        engine = ""
    # A URL is not repeated: it may hold a password.
    if engine not in ("sqlite", "postgresql"):
        raise SettingsError("GOOYA_DATABASE: expected sqlite:///… or postgresql://…")
    scheme, separator, _ = settings.state_url.partition("://")
    if separator and scheme not in ("redis", "rediss", "unix", "sqlite"):
        raise SettingsError("GOOYA_STATE: expected redis://…, unix://… or a file")


def _check_spoken_codes(settings: Settings) -> None:
    speaker = settings.spoken_codes
    if speaker in ("simulator", "kavenegar") and settings.sms_gateway != speaker:
        raise SettingsError(f"GOOYA_SPOKEN_CODES: {speaker} needs GOOYA_SMS_GATEWAY={speaker}")
    if speaker == "asterisk" and settings.ari_url and "{number}" not in settings.ari_dial:
        raise SettingsError("GOOYA_ARI_DIAL: expected something like PJSIP/{number}@trunk")


class Explained(NamedTuple):
    """A setting as a person reads of it."""

    variable: str
    default: str
    """Empty where there is none to name."""
    choices: tuple[str, ...]
    about: str

    def named(self) -> list[str]:
        """The choices but for the empty one."""
        return [choice for choice in self.choices if choice]


def explained() -> list[Explained]:
    """Every setting, in the order of :class:`Settings`."""
    info: Any = msgspec.inspect.type_info(Settings)
    return [
        Explained(
            variable=PREFIX + field.name.upper(),
            default=str(field.default),
            choices=tuple(getattr(field.type.type, "values", ())),
            about=field.type.extra_json_schema["description"],
        )
        for field in info.fields
    ]


def settings_page() -> str:
    """``docs/settings.md``: `python -m gooya.settings > docs/settings.md` writes it anew."""
    lines = [
        "# Settings",
        "",
        "Made by `python -m gooya.settings > docs/settings.md`; `gooya serve --help` says the same.",
        "",
        f"Environment variables go over `{CONFIG_FILE}` in the working directory, where the key of"
        f" `{PREFIX}SMS_LINE` is",
        f"`sms_line`. `{PREFIX}X_FILE` names a file that holds the value of `{PREFIX}X` (a container"
        " secret).",
        "",
        "| variable | default | meaning |",
        "| --- | --- | --- |",
    ]
    for setting in explained():
        named = ", ".join(f"`{choice}`" for choice in setting.named())
        meaning = f"{setting.about} One of {named}." if named else setting.about
        default = f"`{setting.default}`" if setting.default else ""
        lines.append(f"| `{setting.variable}` | {default} | {meaning} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(settings_page())
