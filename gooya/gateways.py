"""The SMS gateway that the settings name."""

from __future__ import annotations

from bots.sms.gateway import Gateway, Receive, Report
from bots.sms.kannel_box import KannelBox
from bots.sms.kannel_http import KannelHttp
from bots.sms.kavenegar import Kavenegar
from bots.sms.simulator import SimulatorGateway
from gooya.settings import Settings, SettingsError, host_port


def make_gateway(settings: Settings, receive: Receive, report: Report) -> Gateway:
    """Raises :class:`SettingsError` where a setting that this gateway needs is missing."""
    if settings.sms_gateway == "simulator":
        return SimulatorGateway(receive, report, line=settings.sms_line)
    if settings.sms_gateway == "kannel":
        host, port = host_port(settings.sms_kannel, "GOOYA_SMS_KANNEL")
        return KannelBox(
            host=host,
            port=port,
            box_id=settings.sms_kannel_box,
            line=settings.sms_line,
            receive=receive,
            report=report,
        )
    if not settings.sms_secret:
        raise SettingsError("GOOYA_SMS_SECRET is needed: nobody else may post to the webhook")
    if settings.sms_gateway == "kannel-http":
        return KannelHttp(
            sendsms_url=settings.sms_kannel_url,
            username=settings.sms_kannel_user,
            password=settings.sms_kannel_password,
            line=settings.sms_line,
            public_url=settings.sms_public_url or f"http://{settings.http}",
            secret=settings.sms_secret,
            receive=receive,
            report=report,
        )
    if not settings.sms_kavenegar_key:
        raise SettingsError("GOOYA_SMS_KAVENEGAR_KEY is needed for Kavenegar")
    return Kavenegar(
        key=settings.sms_kavenegar_key,
        base_url=settings.sms_kavenegar_url,
        line=settings.sms_line,
        secret=settings.sms_secret,
        receive=receive,
        report=report,
    )
