"""``panjue review``, and what goes with it: who reads what, how far they agree, the gold set."""

from __future__ import annotations

import getpass
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import msgspec
from rich.table import Table

from panjue.annotation.gold import OverwriteError, build
from panjue.annotation.people import PasswordError, add_person, open_session, people
from panjue.annotation.review import Review
from panjue.annotation.sampling import divided, sample
from panjue.annotation.store import ChangedError, Document, Store
from panjue.eval.command import terminal
from panjue.eval.records import InputError, read_records, read_texts
from panjue.extractors.record import Record
from panjue.run.folder import records_of
from panjue.run.texts import TextError, texts_of

DATABASE, AGAINST = "review.sqlite", "review-against.sqlite"
_LOCAL = ("127.0.0.1", "localhost", "::1")
_OUT = click.argument("out", type=click.Path(exists=True, file_okay=False, path_type=Path))
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_TEXTS = click.option("--texts", type=_FILE, help="The texts, JSON lines of doc_id and text, if the input has moved.")


@click.command("review")
@_OUT
@_TEXTS
@click.option("--as", "name", default=getpass.getuser, help="Your name on this machine [default: your login].")
@click.option("--adjudicate", is_flag=True, help="Settle what two annotators disagree on; see agreement.")
@click.option("--against", type=_FILE, help="Gold records: show where the records of OUT differ from them.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Another address needs accounts.")
@click.option("--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help="0: any that is free.")
@click.option("--name-of-host", "names", multiple=True, help="Name under which browsers call it. May be repeated.")
@click.option("--certificate", type=_FILE, help="For HTTPS, with --key.")
@click.option("--key", type=_FILE)
def review_command(
    out: Path,
    texts: Path | None,
    name: str,
    adjudicate: bool,
    against: Path | None,
    host: str,
    port: int,
    names: tuple[str, ...],
    certificate: Path | None,
    key: Path | None,
) -> None:
    """Correct records in a browser: the text at the left, what was read of each defendant at the right.

    Every change is kept at once in OUT/review.sqlite. The link that is printed opens the page; nobody else on the
    network can. Press ? on the page for its keys.

    \b
    panjue review out
    panjue review out --as li
    panjue assign out --annotators li,wang --blind-share 0.2    who reads what, a fifth of it by both
    panjue review out --as chen --adjudicate                    settle what they disagree on
    panjue gold build out -o gold.jsonl --texts gold.texts.jsonl
    panjue review out-new --against gold.jsonl                  what a new version changed
    panjue accounts out --add li; panjue review out --host 0.0.0.0 --name-of-host review.example.org
    """
    try:
        import uvicorn

        from panjue.annotation.server import application
    except ImportError as error:
        raise _missing(error) from error

    with opened(out, texts, against) as store:
        local = host in _LOCAL
        if not local and not any(password for _, password in people(store)):
            raise click.UsageError(
                f"{host} is open to others: first make accounts with passwords, as panjue accounts {out} --add li"
            )
        try:
            listener = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
        except OSError as error:
            raise click.ClickException(f"{host}:{port}: {error.strerror}; another port: --port 0") from error
        port = listener.getsockname()[1]
        scheme = "https" if certificate else "http"
        if local:
            add_person(store, name, "adjudicator" if adjudicate else "annotator")
            click.echo(f"Open  {scheme}://{host}:{port}/?token={open_session(store, name)}")
            click.echo("This link is yours alone; only this machine can open it. Ctrl+C ends.", err=True)
        else:
            click.echo(f"Open  {scheme}://{names[0] if names else host}:{port}/")
            if not certificate:
                click.echo("Not encrypted: anyone on the way can read it; give --certificate and --key.", err=True)
        hosts = [*_LOCAL, *names] if local else list(names) or [host]
        app = application(store, hosts, secure=bool(certificate))
        config = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            server_header=False,
            ssl_certfile=certificate,
            ssl_keyfile=str(key) if key else None,
        )
        uvicorn.Server(config).run(sockets=[listener])


@click.command("assign")
@_OUT
@_TEXTS
@click.option("--annotators", required=True, help="Names, as li,wang,zhao.")
@click.option("--sample", "size", type=click.IntRange(min=1), help="Only so many judgments, drawn at random.")
@click.option("--blind-share", type=click.FloatRange(0, 1), default=0.0, help="Share read by two, each for themselves.")
@click.option("--seed", type=int, default=0, show_default=True)
def assign_command(
    out: Path, texts: Path | None, annotators: str, size: int | None, blind_share: float, seed: int
) -> None:
    """Say who reads which judgments; the same seed gives the same.

    \b
    panjue assign out --annotators li,wang --sample 200 --blind-share 0.2 --seed 7
    """
    names = [name.strip() for name in annotators.split(",") if name.strip()]
    with opened(out, texts) as store:
        doc_ids = [one.doc_id for one in store.listed()]
        drawn = sample(doc_ids, size or len(doc_ids), seed)
        try:
            tasks = divided(drawn, names, blind_share, seed)
            store.assign((task.doc_id, task.annotators) for task in tasks)
        except (ValueError, ChangedError) as error:
            raise click.UsageError(str(error)) from error
    for name in names:
        own = [task for task in tasks if name in task.annotators]
        click.echo(f"{name}: {len(own)} judgments, {sum(task.blind for task in own)} of them read by another, too")


@click.command("accounts")
@_OUT
@click.option("--add", "name", help="Add this person, or give a new password.")
@click.option("--role", type=click.Choice(["annotator", "adjudicator"]), default="annotator", show_default=True)
def accounts_command(out: Path, name: str | None, role: str) -> None:
    """List who may sign in, or add somebody; the password is asked for and kept as a hash (Argon2)."""
    with opened(out, None) as store:
        if name:
            password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
            try:
                add_person(store, name, "adjudicator" if role == "adjudicator" else "annotator", password)
            except PasswordError as error:
                raise click.UsageError(str(error)) from error
            except ImportError as error:
                raise _missing(error) from error
        for person, signs_in in people(store):
            click.echo(f"{person.name}  {person.role}{'' if signs_in else '  (this machine only)'}")


@click.command("agreement")
@_OUT
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def agreement_command(out: Path, as_json: bool) -> None:
    """How far two annotators agree, per field, over the judgments that both have accepted.

    κ (Cohen) and α (Krippendorff, nominal) are undefined where all values are the same.
    """
    with opened(out, None) as store:
        try:
            found = Review(store).agreement()
        except ImportError as error:
            raise _missing(error) from error
    if as_json:
        click.echo(msgspec.json.encode(found).decode())
        return
    table = Table(header_style="bold")
    for heading in ("Field", "字段", "n", "same %", "κ", "α", "passages", "F1 exact", "F1 overlap"):
        table.add_column(heading, justify="left" if heading in ("Field", "字段") else "right")
    for one in found:
        same = "—" if one.same is None else f"{100 * one.same:.1f}"
        kappa, alpha = _figure(one.kappa), _figure(one.alpha)
        exact, near = _figure(one.evidence_exact), _figure(one.evidence_overlap)
        table.add_row(one.field, one.chinese, str(one.n), same, kappa, alpha, str(one.evidence_n), exact, near)
    terminal().print(table)


@click.group("gold")
def gold_command() -> None:
    """The gold set that people have made."""


@gold_command.command("build")
@_OUT
@click.option("-o", "--out", "gold", required=True, type=click.Path(dir_okay=False, path_type=Path), help="Records.")
@click.option("--texts", "words", required=True, type=click.Path(dir_okay=False, path_type=Path), help="Their texts.")
@click.option("--overwrite", is_flag=True, help="Write over a file that holds something else.")
def gold_build(out: Path, gold: Path, words: Path, overwrite: bool) -> None:
    """Write the records that were accepted, those read by two as the adjudicator settled them.

    \b
    panjue gold build out -o gold.jsonl --texts gold.texts.jsonl
    panjue eval --gold gold.jsonl --pred out --texts gold.texts.jsonl
    """
    with opened(out, None) as store:
        try:
            count = build(Review(store), gold, words, overwrite=overwrite)
        except OverwriteError as error:
            raise click.ClickException(str(error)) from error
        left = len(store.listed()) - count
    click.echo(f"{count} records in {gold}; {left} judgments are not settled yet", err=True)


@contextmanager
def opened(out: Path, texts: Path | None, against: Path | None = None) -> Iterator[Store]:
    """The store of an output folder, with all its judgments; with ``against``, only those that differ from gold."""
    path = out / (AGAINST if against else DATABASE)
    new = not path.exists()
    store = Store(path)
    try:
        if new or texts or against:
            store.load(_against(out, texts, against) if against else _documents(out, texts))
    except (InputError, TextError, ChangedError) as error:
        store.close()
        if new:
            path.unlink()
        raise click.ClickException(str(error)) from error
    try:
        yield store
    finally:
        store.close()


def _documents(out: Path, texts: Path | None) -> Iterator[Document]:
    for record, text in _texts(out, texts):
        if record.status != "out_of_scope":
            yield Document(doc_id=record.doc_id, text=text, reading=msgspec.to_builtins(record))


def _against(out: Path, texts: Path | None, against: Path) -> Iterator[Document]:
    from panjue.annotation.compare import merged

    gold = read_records(against)
    for record, text in _texts(out, texts):
        reading = msgspec.to_builtins(record)
        ours = gold.get(record.doc_id)
        if ours is None:
            continue
        whole = msgspec.to_builtins(msgspec.convert({**ours, "annotation": {}}, Record))
        if merged(whole, reading)[1]:
            yield Document(doc_id=record.doc_id, text=text, reading=reading, gold=whole)


def _texts(out: Path, texts: Path | None) -> Iterator[tuple[Record, str]]:
    if texts is None:
        yield from texts_of(out)
        return
    words = read_texts(texts)
    for record in records_of(out):
        if record.doc_id in words:
            yield record, words[record.doc_id]


def _missing(error: ImportError) -> click.ClickException:
    what = error.name or "the page's server"
    return click.ClickException(f"{what} is not installed: pip install 'panjue[review]'")


def _figure(value: float | None) -> str:
    return "undefined" if value is None else f"{value:.3f}"
