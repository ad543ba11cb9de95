"""The pages and what they ask for, as a Starlette application."""

from __future__ import annotations

import io
import json
import math
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gigasite import api
from gigasite.foundation.errors import InputError, Problem, render_problem
from gigasite.serve.guard import Guard
from gigasite.serve.jobs import Job, Jobs, TooManyError
from gigasite.serve.project import ChangedMeanwhileError, NotThereError, Project
from gigasite.serve.refusals import Refusals

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

HERE = Path(__file__).parent
MOST_COMPARED = 8
BAD, CONFLICT, BUSY = 400, 409, 429

DAMAGED = {"cost": "", "levelised": "", "status": "damaged", "passed": False}
"""What the list says of a run that cannot be read."""

CHANGED = (
    "The file has changed on disk since it was opened here, or there is one of this name already, so nothing was "
    "written. Copy your text and open it anew, or save under another name."
)


def site(project: Project, jobs: Jobs) -> Starlette:
    """The application; `jobs` is started and closed with it."""
    from starlette.applications import Starlette
    from starlette.concurrency import run_in_threadpool
    from starlette.middleware import Middleware
    from starlette.routing import Mount, Route
    from starlette.staticfiles import StaticFiles

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        project.clear_abandoned()
        jobs.start()
        yield
        await run_in_threadpool(jobs.close)

    pages = Pages(project, jobs)
    return Starlette(
        routes=[
            Route("/", pages.home),
            Route("/scenarios/{name}", pages.scenario),
            Route("/scenarios/{name}/check", pages.check, methods=["POST"]),
            Route("/scenarios/{name}/save", pages.save, methods=["POST"]),
            Route("/scenarios/{name}/solve", pages.solve, methods=["POST"]),
            Route("/jobs/{number:int}", pages.job),
            Route("/jobs/{number:int}.json", pages.job_json),
            Route("/jobs/{number:int}/stop", pages.stop, methods=["POST"]),
            Route("/runs/{scenario}/{run}", pages.report),
            Route("/runs/{scenario}/{run}/workbook.xlsx", pages.workbook),
            Route("/runs/{scenario}/{run}/futures/{future}", pages.report),
            Route("/runs/{scenario}/{run}/futures/{future}/workbook.xlsx", pages.workbook),
            Route("/compare", pages.compare),
            Mount("/static", StaticFiles(directory=HERE / "static"), name="static"),
        ],
        middleware=[Middleware(Guard)],
        exception_handlers=Refusals(pages.templates).handlers,
        lifespan=lifespan,
    )


class Pages:
    """What each address answers."""

    def __init__(self, project: Project, jobs: Jobs) -> None:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined
        from starlette.templating import Jinja2Templates

        # escaping is told by name, which .j2 at the end would switch off
        environment = Environment(loader=FileSystemLoader(HERE / "pages"), autoescape=True, undefined=StrictUndefined)
        self._project = project
        self._jobs = jobs
        self.templates = Jinja2Templates(env=environment)

    def home(self, request: Request) -> Response:
        """Scenarios, solves and runs."""
        runs = [row for run in sorted(api.runs(self._project.results), key=_when, reverse=True) for row in _rows(run)]
        titles = {one.name: one.title for one in api.scenarios()}
        scenarios = [(name, own, titles.get(name, "")) for name, own in self._project.names()]
        said = {"scenarios": scenarios, "runs": runs, "jobs": self._jobs.newest()[:8], "results": self._project.results}
        return self._page(request, "home.html.j2", said)

    def scenario(self, request: Request) -> Response:
        """The editor of a scenario."""
        text = self._project.text(request.path_params["name"])
        return self._page(request, "scenario.html.j2", {"text": text, "folder": self._project.scenarios.resolve()})

    async def check(self, request: Request) -> Response:
        """What is wrong with a text that is being edited."""
        from starlette.concurrency import run_in_threadpool

        content = await _content(request)
        problems = await run_in_threadpool(self._project.check, request.path_params["name"], content)
        return _json({"problems": [_problem(one) for one in problems]})

    async def save(self, request: Request) -> Response:
        """Write a scenario."""
        content, version = await _content(request), request.query_params.get("version") or None
        if "\0" in content:
            raise InputError(Problem("the text holds a null character, which no YAML may"))
        try:
            saved = self._project.save(request.path_params["name"], content, version)
        except ChangedMeanwhileError:
            return _json({"error": CHANGED}, CONFLICT)
        return _json({"version": saved})

    def solve(self, request: Request) -> Response:
        """Ask for a solve of a scenario as it is saved."""
        name = request.path_params["name"]
        path = self._project.path(name)
        problems = (
            self._project.check(name, path.read_text(encoding="utf-8"))
            if path.parent == self._project.scenarios
            else []
        )
        if problems:
            return _json({"error": "The scenario has faults.", "problems": [_problem(one) for one in problems]}, BAD)
        try:
            job = self._jobs.ask(name, path)
        except TooManyError:
            return _json({"error": "Enough solves wait already; this one was not added."}, BUSY)
        return _json({"number": job.number})

    def job(self, request: Request) -> Response:
        """The progress of a solve."""
        return self._page(request, "job.html.j2", {"job": self._job(request)})

    def job_json(self, request: Request) -> Response:
        """The same for the page to ask again and again."""
        job = self._job(request)
        told = job.as_json(self._jobs.ahead_of(job))
        if job.outcome.get("run"):
            run = Path(job.outcome["run"])
            told["report"] = f"/runs/{run.parent.name}/{run.name}"
        return _json(told)

    def stop(self, request: Request) -> Response:
        """Stop a solve; its best plan is written."""
        self._jobs.stop(self._job(request))
        return _json({})

    def report(self, request: Request) -> Response:
        """The report of a run."""
        return _report([self._project.run(**request.path_params)])

    def workbook(self, request: Request) -> Response:
        """A run as a workbook."""
        from tempfile import TemporaryDirectory

        from starlette.responses import Response

        run = self._project.run(**request.path_params)
        with TemporaryDirectory() as folder:
            content = api.workbook(run, Path(folder) / "run.xlsx").read_bytes()
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        return Response(content, media_type=kind)

    def compare(self, request: Request) -> Response:
        """The report of several runs side by side."""
        asked = request.query_params.getlist("run")
        if not 2 <= len(asked) <= MOST_COMPARED:  # noqa: PLR2004
            raise InputError(Problem("mark runs to compare", given=f"{len(asked)}", allowed=f"2 to {MOST_COMPARED}"))
        return _report([self._marked(name) for name in asked])

    def _marked(self, name: str) -> Any:
        """A run by what its box says: scenario, run and perhaps a future."""
        scenario, _, rest = name.partition("/")
        run, _, future = rest.partition("/")
        return self._project.run(scenario, run, future or None)

    def _job(self, request: Request) -> Job:
        job = self._jobs.find(request.path_params["number"])
        if job is None:
            raise NotThereError(str(request.path_params["number"]))
        return job

    def _page(self, request: Request, name: str, said: dict[str, Any]) -> Response:
        return self.templates.TemplateResponse(request, name, said)


def _when(run: Any) -> tuple[str, str]:
    """When it was written; of two in one second the folder's name tells."""
    return str(run.manifest.get("written_at", "")), run.run_id


def _rows(run: Any) -> list[dict[str, Any]]:
    """What the list says of a run, and below it of the run of each of its futures."""
    mark = f"{run.path.parent.name}/{run.run_id}"
    told = {"title": run.title, "mark": mark, "address": f"/runs/{mark}", "name": run.run_id, "is_future": False}
    try:
        futures = run.future_names
    except InputError:
        return [{**told, "of_futures": False, **DAMAGED}]
    rows = [{**told, "of_futures": bool(futures), **_found(lambda: run)}]
    for future in futures:
        place = {"title": future, "mark": f"{mark}/{future}", "address": f"/runs/{mark}/futures/{future}", "name": ""}
        found = _found(partial(run.future, future))
        rows.append({**place, "is_future": True, "of_futures": False, **found})
    return rows


def _found(opened: Callable[[], Any]) -> dict[str, Any]:
    """Cost and state of a run; of one that cannot be opened or lost its summary that it is damaged."""
    try:
        run = opened()
        row = run.summary.iloc[0]
        cost, levelised = (float(row[name]) for name in ("present_value_usd", "levelised_cost_usd_per_mwh"))
    except (InputError, LookupError):
        return DAMAGED
    status = str(run.manifest.get("status", "status not told"))
    each = "" if math.isnan(levelised) else f"{levelised:,.1f}"
    return {"cost": f"{cost / 1e9:,.2f}", "levelised": each, "status": status, "passed": run.checks_passed}


def _report(runs: list[Any]) -> Response:
    """A page that brings its own rules: it holds its scripts inside itself."""
    from starlette.responses import HTMLResponse

    from gigasite.report.page.write import POLICY, page

    return HTMLResponse(page(runs), headers={"content-security-policy": POLICY})


def _json(value: dict[str, Any], status: int = 200) -> Response:
    from starlette.responses import Response

    return Response(json.dumps(value), status, media_type="application/json")


def _problem(problem: Problem) -> dict[str, Any]:
    origin = problem.origin
    return {"text": render_problem(problem), "line": origin.line if origin else None}


async def _content(request: Request) -> str:
    """The text that was sent."""
    body = io.BytesIO()
    async for part in request.stream():
        body.write(part)
    try:
        return body.getvalue().decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise InputError(Problem("the text is not UTF-8", given=str(error.reason))) from None
