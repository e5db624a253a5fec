"""Download over http and https, or copy from a file: URL; proxies of the environment are honoured."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from wasmbuild.sources.download import LIMIT_BYTES, Download, Progress, UnavailableError, redacted
from wasmbuild.sources.hashing import SizeLimitError, copy_hashing
from wasmbuild.sources.source import file_name_of_url

if TYPE_CHECKING:
    from collections.abc import Mapping
    from urllib.response import addinfourl

TIMEOUT_S = 30
_SCHEMES = ("http", "https", "file")


def download_url(
    url: str,
    into: Path,
    *,
    limit_bytes: int = LIMIT_BYTES,
    progress: Progress | None = None,
    certificates: str | None = None,
) -> Download:
    """Download `url` into the directory `into`. Raises UnavailableError; errors of the disk pass.

    `certificates` names a file of authorities to trust instead of Python's default.
    """
    name = file_name_of_url(url)
    path = into / "download"
    with _opened(url, {}, certificates) as response, path.open("xb") as file:
        expected_bytes = _stated_length(response)
        stream = _NetworkStream(response)
        report = None if progress is None else lambda got: progress(name, got, expected_bytes)
        try:
            sha256 = copy_hashing(stream, file, limit_bytes, report)  # type: ignore[arg-type]
        except SizeLimitError:
            raise UnavailableError(f"it is larger than {limit_bytes} bytes") from None
        got_bytes = file.tell()
    if expected_bytes is not None and got_bytes != expected_bytes:
        raise UnavailableError(f"the connection ended after {got_bytes} of {expected_bytes} bytes")
    return Download(path, sha256, name, redacted(url))


def look(url: str) -> None:
    """Whether there is something at a URL; nothing of it is read. Raises UnavailableError where there is not."""
    _opened(url, {}, None).close()


def read_page(
    url: str, headers: Mapping[str, str], *, limit_bytes: int, certificates: str | None = None
) -> tuple[bytes, str, str]:
    """A small document: its bytes, its media type, and its URL after redirects. Raises UnavailableError."""
    with _opened(url, headers, certificates) as response:
        content = _NetworkStream(response).read(limit_bytes + 1)
        if len(content) > limit_bytes:
            raise UnavailableError(f"the page {redacted(url)} is larger than {limit_bytes} bytes")
        return content, response.headers.get_content_type(), response.geturl() or url


def _opened(url: str, headers: Mapping[str, str], certificates: str | None) -> addinfourl:
    import http.client
    import ssl
    import urllib.error
    import urllib.request
    from urllib.parse import unquote, urlsplit
    from urllib.request import url2pathname

    class SafeRedirects(urllib.request.HTTPRedirectHandler):
        """A server may send us to another web page, never to another kind of place."""

        def redirect_request(self, req, fp, code, msg, headers, newurl):  # type: ignore[no-untyped-def]
            if urlsplit(newurl).scheme not in ("http", "https"):
                raise UnavailableError(f"the server redirects to `{redacted(newurl)}`")
            following = super().redirect_request(req, fp, code, msg, headers, newurl)
            if following is not None and urlsplit(newurl).netloc != urlsplit(req.full_url).netloc:
                following.remove_header("Authorization")
            return following

    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise UnavailableError(f"not a URL: {error}") from None
    if parts.scheme == "file":
        _refuse_pipes(url2pathname(parts.path))
    if parts.scheme not in _SCHEMES:
        raise UnavailableError(f"`{parts.scheme or url}` URLs are not supported; {', '.join(_SCHEMES)} are")
    sent = {"User-Agent": "wasmbuild", **headers}
    user, at, host = parts.netloc.rpartition("@")
    if at:
        # http.client would take the name and password for a part of the host's name.
        import base64

        sent["Authorization"] = "Basic " + base64.b64encode(unquote(user).encode()).decode()
        url = parts._replace(netloc=host).geturl()
    try:
        secure = urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=certificates))
        opener = urllib.request.build_opener(SafeRedirects, secure)
        response: addinfourl = opener.open(urllib.request.Request(url, headers=sent), timeout=TIMEOUT_S)
    except urllib.error.HTTPError as error:
        error.close()
        raise UnavailableError(f"the server answers {error.code} {error.reason}") from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise UnavailableError(_network_reason(error)) from error
    return response


def _refuse_pipes(path: str) -> None:
    """To open a pipe is to wait for who writes to it; a device may have no end. What is not there, urllib says."""
    if Path(path).exists() and not Path(path).is_file():
        raise UnavailableError("it is no file")


def _network_reason(error: Exception) -> str:
    import urllib.error

    reason = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(reason, TimeoutError):
        return f"no answer within {TIMEOUT_S} s"
    if isinstance(reason, OSError) and reason.strerror:
        return redacted(reason.strerror)
    return redacted(str(reason)) or type(reason).__name__


def _stated_length(response: addinfourl) -> int | None:
    stated = response.headers.get("Content-Length", "")
    return int(stated) if stated.isascii() and stated.isdigit() else None


class _NetworkStream:
    """Reads a response; what the network does wrong becomes UnavailableError, unlike errors of the disk."""

    def __init__(self, response: addinfourl) -> None:
        self._response = response

    def read(self, size_bytes: int) -> bytes:
        import http.client

        try:
            return self._response.read(size_bytes)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise UnavailableError(_network_reason(error)) from error
