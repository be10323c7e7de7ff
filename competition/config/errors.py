"""The error pages, in Chinese. The server error needs neither database nor context processors.

Templates are ``400.html`` ... ``500.html`` and ``403_csrf.html``, with ``status``, ``title`` and
``sentence``; without a template the sentence alone is shown.
"""

from __future__ import annotations

import logging
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import TemplateDoesNotExist, loader

logger = logging.getLogger("portal.errors")

WORDS = {
    "400.html": ("请求有误", "请求有误，服务器没有处理。请返回上一页重试。"),
    "403.html": ("没有权限", "您没有权限访问此页面。如需要，请换用有权限的账号登录。"),
    "403_csrf.html": (
        "提交没有成功",
        "页面停留太久或已在别处登录，为安全起见，这次提交没有处理。请返回上一页，刷新后再提交。",
    ),
    "404.html": ("没有找到此页面", "没有找到此页面。请检查网址，或从首页重新进入。"),
    "500.html": ("服务器出错了", "服务器出错了，您已保存的内容不受影响。请稍后重试。"),
}


def _page(request: HttpRequest | None, name: str) -> HttpResponse:
    title, sentence = WORDS[name]
    status = int(name[:3])
    context: dict[str, Any] = {"status": status, "title": title, "sentence": sentence}
    try:
        body = loader.get_template(name).render(context, request)
    except TemplateDoesNotExist:
        return HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")
    return HttpResponse(body, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, "400.html")


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, "403.html")


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, "404.html")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A script hears that its token is old (session.js fetches a fresh one); a person reads a page."""
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse({"code": "csrf", "sentence": "页面停留过久，请重试。"}, status=403)
    return _page(request, "403_csrf.html")


def server_error(request: HttpRequest) -> HttpResponse:
    """Whatever failed may be the database or a context processor: neither is asked."""
    try:
        return _page(None, "500.html")
    except Exception:
        logger.exception("the error page itself failed")
        return HttpResponse(WORDS["500.html"][1], status=500, content_type="text/plain; charset=utf-8")
