"""Addresses of the studio."""

from __future__ import annotations

from django.urls import path

from studio.views.jobs import ask, decisions, jobs, receipts
from studio.views.people import account, guide, home, joining, news, sign_in
from studio.views.worlds import (
    elements,
    findings,
    scenes,
    schedules,
    style_guides,
    timeline,
    transfer,
    universes,
    worlds,
)

app_name = "studio"

UNIVERSE = "universes/<uuid:universe_id>"
JOB = "jobs/<uuid:job_id>"

urlpatterns = [
    path("", home.home, name="home"),
    path("sign-in", sign_in.sign_in, name="sign-in"),
    path("sign-out", sign_in.sign_out, name="sign-out"),
    path("join", joining.join, name="join"),
    path("help", guide.help_page, name="help"),
    path("news", news.news_page, name="news"),
    path("news/count", news.count, name="news-count"),
    path("invitations/<uuid:invitation_id>", news.answer, name="answer-invitation"),
    path("ask", ask.ask, name="ask"),
    path("ask/price", ask.price, name="price"),
    path("ask/names", ask.names, name="names"),
    path("jobs", jobs.jobs, name="jobs"),
    path("jobs/bulk", jobs.bulk, name="bulk"),
    path("jobs/variants/<uuid:variants_id>", jobs.variants, name="variants"),
    path(JOB, jobs.job, name="job"),
    path(f"{JOB}/part", jobs.part, name="job-part"),
    path(f"{JOB}/events", jobs.events, name="job-events"),
    path(f"{JOB}/receipt", receipts.receipt_page, name="receipt"),
    path("jobs/choose", decisions.choose, name="choose"),
    path(f"{JOB}/accept", decisions.accept, name="accept"),
    path(f"{JOB}/edit", decisions.edit, name="edit"),
    path(f"{JOB}/again", decisions.again, name="again"),
    path(f"{JOB}/flag", decisions.flag, name="flag"),
    path(f"{JOB}/rate", decisions.rate, name="rate"),
    path(f"{JOB}/discard", decisions.discard, name="discard"),
    path(f"{JOB}/cancel", jobs.cancel, name="cancel"),
    path(f"{JOB}/retry", jobs.retry, name="retry"),
    path("imports", transfer.world_imports, name="imports"),
    path("imports/<uuid:import_id>", transfer.world_import, name="import"),
    path("imports/<uuid:import_id>/undo", transfer.undo_import, name="undo-import"),
    path("schedules/new", schedules.new_somewhere, name="any-new-schedule"),
    path("universes/new", worlds.new, name="new-universe"),
    path(UNIVERSE, universes.universe, name="universe"),
    path(f"{UNIVERSE}/work", universes.work, name="universe-work"),
    path(f"{UNIVERSE}/export", transfer.export, name="export"),
    path(f"{UNIVERSE}/members", universes.members, name="members"),
    path(f"{UNIVERSE}/schedules/new", schedules.new, name="new-schedule"),
    path(f"{UNIVERSE}/schedules/<uuid:schedule_id>", schedules.schedule, name="schedule"),
    path(f"{UNIVERSE}/style/<str:agent_type>", style_guides.style_guide, name="style-guide"),
    path(f"{UNIVERSE}/world", worlds.world, name="world"),
    path(f"{UNIVERSE}/timeline", timeline.timeline, name="timeline"),
    path(f"{UNIVERSE}/timeline/new", timeline.new, name="new-event"),
    path(f"{UNIVERSE}/timeline/scene", timeline.place, name="place-scene"),
    path(f"{UNIVERSE}/timeline/<uuid:event_id>", timeline.event, name="event"),
    path(f"{UNIVERSE}/findings", findings.findings, name="findings"),
    path(f"{UNIVERSE}/findings/<uuid:world_finding_id>", findings.finding, name="finding"),
    path(f"{UNIVERSE}/scenes", scenes.scenes, name="scenes"),
    path(f"{UNIVERSE}/scenes/new", scenes.new, name="new-scene"),
    path(f"{UNIVERSE}/scenes/<uuid:scene_id>", scenes.scene, name="scene"),
    path(f"{UNIVERSE}/scenes/<uuid:scene_id>/move", scenes.move, name="move-scene"),
    path(f"{UNIVERSE}/scenes/<uuid:scene_id>/status", scenes.status, name="scene-status"),
    path(f"{UNIVERSE}/elements", elements.elements, name="elements"),
    path(f"{UNIVERSE}/elements/new", elements.new, name="new-element"),
    path(f"{UNIVERSE}/elements/<uuid:element_id>", elements.element, name="element"),
    path(f"{UNIVERSE}/elements/<uuid:element_id>/card", elements.card, name="element-card"),
    path(f"{UNIVERSE}/elements/<uuid:element_id>/status", elements.status, name="element-status"),
    path("me/preferences", account.own_preferences, name="preferences"),
    path("me/usage", account.own_usage, name="usage"),
    path("me/access", account.access, name="access"),
    path("me/account", account.account, name="account"),
    path("me/data", account.own_data, name="data"),
]
