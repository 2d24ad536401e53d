"""The gateway as Postfix's before-queue filter: what is refused there, the sending client hears at once."""

from __future__ import annotations

import dataclasses
import smtplib
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ingest.gate.desk import PRIVATE, REPORT_ID, REPORTER, SUBJECT, copied, letter
from tests.ingest.gate.running import Running, client, running, submit
from tests.processes import eventually
from tests.scenes import CONDUCT, Scene
from tests.servers.ports import free_port, not_installed
from tests.servers.postfix import Postfix, find_postfix
from tests.servers.sink import Sink

pytestmark = pytest.mark.postfix
ANSWER = letter(REPORTER, answers=REPORT_ID)


@dataclasses.dataclass
class Site:
    """A host with Postfix, the gateway before its queue, and a sink behind it."""

    postfix: Postfix
    gateway: Running
    sink: Sink

    def arrived(self, count: int) -> None:
        """Until so many mails reached the sink, and no more."""
        assert eventually(lambda: len(self.sink.taken) >= count, 20)
        assert len(self.sink.taken) == count


@pytest.fixture(params=["port", "socket"])
def site(request: pytest.FixtureRequest, original: Scene, tmp_path: Path, sink: Sink) -> Iterator[Site]:
    """Once with the gateway on a port, once on a socket that Postfix alone may ask."""
    if find_postfix() is None:
        not_installed("Postfix")
    filter_at = f"127.0.0.1:{free_port()}" if request.param == "port" else "unix:conduct/gateway"
    postfix = Postfix(filter_at, sink.port)
    place = {"host": "127.0.0.1", "port": postfix.back_port, "tls": "none"}
    scene = copied(original, tmp_path, {"smtp": place, "gateway": {"login": "none"}})
    try:
        postfix.start()
        listen = filter_at if request.param == "port" else f"unix:{postfix.folder_for_filter}/gateway"
        with running(scene, tmp_path, scene.members[0], listen) as gateway:
            yield Site(postfix, gateway, sink)
    finally:
        postfix.remove()


def test_good_mail_is_queued_with_the_clients_own_name(site: Site) -> None:
    code, said = submit(site.postfix.port, ANSWER, CONDUCT, REPORTER, CONDUCT)

    assert code == 250
    assert b"queued as" in said
    site.arrived(1)
    content = site.sink.taken[0].content
    assert content.endswith(ANSWER.partition(b"\r\n\r\n")[2])
    # XFORWARD: the second smtpd logs the client and not the gateway.
    assert b"client.example.net" in content.partition(b"\r\nFrom:")[0]


def test_bad_mail_is_refused_to_the_client_with_our_words(site: Site) -> None:
    raw = letter(SUBJECT, "Ada Berg told us about you.\n")
    code, said = submit(site.postfix.port, raw, CONDUCT, SUBJECT, CONDUCT)

    assert code == 550
    assert b"reporter-named" in said
    assert said.rpartition(b"\n")[2].startswith(b"5.7.1 NOT SENT: ")
    assert not any(word in said for word in (b"Ada", b"Berg", SUBJECT.encode()))
    time.sleep(0.3)
    assert not site.sink.taken
    assert "Ada" not in site.postfix.log()


def test_with_the_gateway_down_nothing_leaves_and_nothing_is_lost(site: Site) -> None:
    site.gateway.stop()
    with client(site.postfix.port) as smtp:
        smtp.mail(CONDUCT)
        assert smtp.rcpt(REPORTER)[0] == 451

    assert not site.sink.taken


def test_what_strangers_write_to_the_committee_passes(site: Site) -> None:
    raw = letter(CONDUCT, sender=f"Ada <{REPORTER}>", cc="", answers=REPORT_ID)
    code, _ = submit(site.postfix.port, raw, REPORTER, CONDUCT)

    assert code == 250
    site.arrived(1)


def test_many_mails_over_one_connection(site: Site) -> None:
    with smtplib.SMTP("127.0.0.1", site.postfix.port, local_hostname="client.example.net") as smtp:
        for number in range(5):
            smtp.sendmail(PRIVATE, [f"friend{number}@example.com"], letter("friend@example.com", sender=PRIVATE, cc=""))

    site.arrived(5)


def test_who_asks_to_hear_of_the_delivery_hears_of_it(site: Site) -> None:
    with client(site.postfix.port) as smtp:
        smtp.mail(PRIVATE, ["RET=HDRS", "ENVID=lunch"])
        smtp.rcpt("friend@example.com", ["NOTIFY=SUCCESS", "ORCPT=rfc822;friend@example.com"])
        code, _ = smtp.data(letter("friend@example.com", sender=PRIVATE, cc=""))

    assert code == 250
    site.arrived(2)
    notice = next(each for each in site.sink.taken if each.sender == "")
    assert notice.recipients == (PRIVATE,)
    assert b"Original-Envelope-Id: lunch" in notice.content
