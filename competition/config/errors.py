"""The error pages, in Chinese; each works without the database."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.template import TemplateDoesNotExist, loader

WORDS = {
    400: "请求有误，服务器没有处理。请返回上一页重试。",
    403: "您没有权限访问此页面。如需要，请换用有权限的账号登录。",
    404: "没有找到此页面。请检查网址，或从首页重新进入。",
    500: "服务器出错了，您已保存的内容不受影响。请稍后重试。",
}


def _page(request: HttpRequest, status: int, template: str = "") -> HttpResponse:
    """Render the error page; a missing template still leaves a sentence to read."""
    try:
        body = loader.get_template(template or f"{status}.html").render({"sentence": WORDS[status]}, request)
        return HttpResponse(body, status=status)
    except TemplateDoesNotExist:
        return HttpResponse(WORDS[status], status=status, content_type="text/plain; charset=utf-8")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 403)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _page(request, 403, "403_csrf.html")


def server_error(request: HttpRequest) -> HttpResponse:
    """Whatever failed may be the database: the page is rendered without context processors."""
    try:
        body = loader.get_template("500.html").render({"sentence": WORDS[500]})
    except Exception:
        body = WORDS[500]
    return HttpResponseServerError(body)
