"""News, notices, downloads and answers that staff publish."""

from __future__ import annotations

from django.db import models

from competition.models.edition import Edition


class Article(models.Model):
    class Category(models.TextChoices):
        NEWS = "news", "赛事动态"
        NOTICE = "notice", "通知公告"
        DOWNLOAD = "download", "资料下载"
        FAQ = "faq", "常见问题"

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="articles")
    category = models.CharField("栏目", max_length=10, choices=Category.choices)
    title = models.CharField("标题", max_length=120)
    body = models.TextField("正文（Markdown 的标题、段落、列表）", blank=True)
    file = models.FileField("附件", upload_to="articles/", blank=True)
    source = models.CharField("来自届文件夹", max_length=80, blank=True, editable=False)
    position = models.PositiveSmallIntegerField("顺序", default=0)
    published_at = models.DateTimeField("发布时间", null=True, blank=True)

    class Meta:
        verbose_name = "文章"
        verbose_name_plural = "文章"
        ordering = ["-published_at", "-id"]
        indexes = [
            models.Index(
                fields=["edition", "category", "-published_at"],
                name="article_by_category",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "source"],
                condition=~models.Q(source=""),
                name="article_of_a_folder_once",
            )
        ]

    def __str__(self) -> str:
        return self.title
