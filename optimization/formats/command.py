"""The commands ``python -m optimization solve`` and ``check``."""

import argparse
import math
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from data.errors import CartofluxError, InputError, SolveCancelledError
from data.french import number, quote, tidy
from optimization.formats.fields import wrong
from optimization.formats.instance import Instance
from optimization.formats.output import as_json, as_sol, write_whole
from optimization.formats.reading import read_instance
from optimization.formats.solving import ENGINES, Wish, solve
from optimization.formats.told import read_told
from optimization.formats.verifying import verify
from optimization.formats.writing import Json
from optimization.routing.engine import SearchProgress
from optimization.routing.warming import warm_up

DONE, FAULTY, REFUSED, BROKEN, INTERRUPTED = 0, 1, 2, 3, 130

SLOW_WARM_UP_S = 5.0
"""Beyond it, the engine is being compiled and the person is told."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Returns:
        0 done, 1 the solution checked is wrong, 2 refused with a sentence on stderr, 3 the plan
        computed was refused by the checker, 130 interrupted.
    """
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except InputError as error:
        _refuse(options, error.message, 2)
        return REFUSED
    except (SolveCancelledError, KeyboardInterrupt):
        _say("Calcul interrompu : aucun plan n’a été écrit.")
        return INTERRUPTED
    except CartofluxError as error:
        _refuse(options, str(error), 1)
        return BROKEN


def _refuse(options: argparse.Namespace, sentence: str, code: int) -> None:
    """Tell the person; a program that reads the plan gets VROOM's own error object."""
    _say(sentence)
    if options.command == "solve" and options.output is None:
        sys.stdout.write(as_json({"code": code, "error": sentence}))


def _solve(options: argparse.Namespace) -> int:
    instance = read_instance(options.file)
    _check_output(options.output, instance)
    wish = Wish(
        seconds=options.seconds,
        solutions=options.solutions,
        seed=options.seed,
        engine=options.engine,
        prove_s=options.prove,
    )
    _warm(options.engine)
    showing = options.progress or sys.stderr.isatty()
    with _interruptions() as asked:
        content = solve(
            instance, wish, on_progress=_shown() if showing else None, should_stop=asked
        )
    if showing:
        print(file=sys.stderr)  # noqa: T201 (a command speaks)
    if options.output is None:
        sys.stdout.write(as_json(content))
        sys.stdout.flush()
    else:
        is_sol = options.output.suffix.lower() == ".sol"
        write_whole(options.output, as_sol(content) if is_sol else as_json(content))
        _say(_summary(content))
    for remark in content["remarks"]:
        _say(remark)
    left = len(content["unassigned"])
    if left:
        many = "tâches non affectées" if left > 1 else "tâche non affectée"
        _say(f"{number(left)} {many} : la raison est dans « unassigned ».")
    return DONE


def _check(options: argparse.Namespace) -> int:
    instance = read_instance(options.file)
    faults = verify(instance, read_told(options.solution, instance))
    for fault in faults:
        print(fault)  # noqa: T201 (a command speaks)
    if faults:
        return FAULTY
    print(tidy("Aucune faute : la solution respecte le fichier."))  # noqa: T201
    return DONE


def _check_output(path: Path | None, instance: Instance) -> None:
    """Before computing, not after."""
    if path is None:
        return
    if not path.parent.is_dir() or path.is_dir():
        raise wrong(
            f"Impossible d’écrire {quote(str(path))} : le dossier n’existe pas, ou c’en est un.",
            field="--output",
        )
    if path.suffix.lower() == ".sol" and instance.format not in {"VRPLIB", "Solomon"}:
        raise wrong(
            "Un fichier .sol ne décrit que des instances VRPLIB ou Solomon : choisissez .json.",
            field="--output",
        )


def _warm(engine: str | None) -> None:
    """Compile before the clock starts; say so only when it takes long."""
    if engine in {"pyvrp", "ortools"}:
        return
    told = threading.Timer(
        SLOW_WARM_UP_S, _say, ["Compilation unique du moteur (environ une minute)…"]
    )
    told.daemon = True
    told.start()
    try:
        warm_up()
    finally:
        told.cancel()


@contextmanager
def _interruptions() -> Iterator[Callable[[], bool]]:
    """Ctrl-C and a polite kill ask the search to stop; a second Ctrl-C stops it at once."""
    asked = threading.Event()

    def ask(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 (signal's signature)
        if asked.is_set():
            raise KeyboardInterrupt
        asked.set()

    before = {one: signal.signal(one, ask) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield asked.is_set
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def _shown() -> Callable[[SearchProgress], None]:
    def show(progress: SearchProgress) -> None:
        left = f", {progress.unserved} tâches sans place" if progress.unserved else ""
        line = tidy(
            f"{progress.elapsed_s:5.1f} s, {number(progress.solutions)} plans examinés{left}"
        )
        print(f"\r\033[K{line}", end="", file=sys.stderr, flush=True)  # noqa: T201

    return show


def _summary(content: Json) -> str:
    summary, bound = content["summary"], content["bound"]
    least = "" if bound["value"] is None else f", minimum prouvé {number(bound['value'])}"
    routes = summary["routes"]
    return (
        f"{number(routes)} tournée{'s' if routes > 1 else ''}, coût {number(summary['cost'])}"
        f"{least} ; {content['engine']}."
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m optimization",
        description="Planifie les tournées d'un fichier, ou vérifie une solution.",
        epilog="Formats lus : JSON de VROOM (et son extension pour les exutoires), VRPLIB (.vrp), "
        "Solomon (.txt). Voir docs/formats.md. Codes de sortie : 0 fait, 1 solution fautive, "
        "2 fichier refusé, 130 interrompu.",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    solving = commands.add_parser(
        "solve",
        help="planifier les tournées d'un fichier",
        description="Planifie les tournées d'un fichier et écrit la solution au format de VROOM.",
    )
    solving.add_argument("file", type=Path, metavar="FICHIER", help="problème à planifier")
    solving.add_argument(
        "--seconds",
        type=_positive,
        metavar="N",
        help="secondes de recherche (10 par défaut ; sans limite avec --solutions)",
    )
    solving.add_argument(
        "--solutions",
        type=_count,
        metavar="N",
        help="nombre de plans examinés, pour retrouver le même plan à chaque fois",
    )
    solving.add_argument(
        "--seed", type=_seed, default=1, metavar="N", help="graine du hasard (1 par défaut)"
    )
    solving.add_argument(
        "--engine",
        choices=sorted(ENGINES),
        help="moteur (par défaut portfolio, ou ortools si le fichier a des règles qu'il ignore)",
    )
    solving.add_argument(
        "--output",
        type=Path,
        metavar="FICHIER",
        help="où écrire la solution, .json ou .sol (par défaut, la sortie standard)",
    )
    solving.add_argument(
        "--prove",
        type=_positive,
        default=0.0,
        metavar="N",
        help="secondes de plus pour relever le minimum prouvé",
    )
    solving.add_argument(
        "--progress", action="store_true", help="montrer l'avancement même hors d'un terminal"
    )
    solving.set_defaults(run=_solve)
    checking = commands.add_parser(
        "check",
        help="vérifier une solution",
        description="Vérifie une solution (JSON de VROOM, ou .sol) à partir du seul fichier.",
    )
    checking.add_argument("file", type=Path, metavar="FICHIER", help="problème")
    checking.add_argument("solution", type=Path, metavar="SOLUTION", help="solution à vérifier")
    checking.set_defaults(run=_check)
    return parser


def _positive(text: str) -> float:
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        value = math.nan
    if not (value > 0 and math.isfinite(value)):
        raise argparse.ArgumentTypeError(f"« {text} » n'est pas un nombre de secondes")
    return value


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"« {text} » n'est pas un nombre de plans")
    return int(text)


def _seed(text: str) -> int:
    if not text.isdecimal() or int(text) >= 2**31:
        raise argparse.ArgumentTypeError(f"« {text} » n'est pas une graine (nombre entier)")
    return int(text)


def _say(sentence: str) -> None:
    print(tidy(sentence), file=sys.stderr, flush=True)  # noqa: T201 (a command speaks)
