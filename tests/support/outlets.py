"""Outlets made by hand, for tests of the crawl."""

from __future__ import annotations

from models.outlet import Endpoint, EndpointKind, FetchPolicy, Grade, Outlet, Profile


def endpoint(url: str, kind: EndpointKind = EndpointKind.FEED, section: str = "") -> Endpoint:
    """An endpoint of grade A."""
    return Endpoint(kind=kind, url=url, grade=Grade.A, section=section)


def outlet(
    *endpoints: Endpoint,
    slug: str = "bao-mau",
    hosts: tuple[str, ...] = ("127.0.0.1",),
    delay: float = 0.0,
    parallel: int = 4,
    profile: Profile | None = None,
) -> Outlet:
    """An outlet whose articles are `/tin/...` or end in `-<number>.html`."""
    return Outlet(
        slug=slug,
        name="Báo Mẫu",
        homepage=f"http://{hosts[0]}/",
        language="vi",
        hosts=hosts,
        endpoints=endpoints,
        profile=profile or Profile(article_url=(r"^/tin/", r"-\d+\.html$")),
        fetch=FetchPolicy(parallel=parallel, delay=delay),
    )
