"""URL paths of the universes API, each with and without a trailing slash."""

from __future__ import annotations

from django.urls import re_path

from universes.api import imports, timeline, universes, world
from universes.api.entries import canon, changes, drafts, passports, relations
from universes.api.sharing import invitation_links, invitations

OWN_INVITATION = r"^users/me/invitations/(?P<invitation_id>[^/]+)"
UNIVERSE = r"^universes/(?P<universe_id>[^/]+)"

urlpatterns = [
    re_path(r"^\.well-known/passport-keys\.json/?$", passports.PassportKeys.as_view(), name="passport-keys"),
    re_path(r"^users/me/invitations/?$", invitations.OwnInvitationList.as_view(), name="own-invitations"),
    re_path(
        rf"{OWN_INVITATION}/accept/?$", invitations.AcceptInvitation.as_view(), name="own-invitation-accept"
    ),
    re_path(
        rf"{OWN_INVITATION}/decline/?$",
        invitations.DeclineInvitation.as_view(),
        name="own-invitation-decline",
    ),
    re_path(r"^universes/?$", universes.UniverseList.as_view(), name="universe-list"),
    re_path(r"^universes/imports/?$", imports.ImportList.as_view(), name="import-list"),
    re_path(
        r"^universes/imports/(?P<import_id>[^/]+)/?$", imports.ImportDetail.as_view(), name="import-detail"
    ),
    re_path(
        r"^universes/imports/(?P<import_id>[^/]+)/undo/?$", imports.ImportUndo.as_view(), name="import-undo"
    ),
    re_path(rf"{UNIVERSE}/?$", universes.UniverseDetail.as_view(), name="universe-detail"),
    re_path(rf"{UNIVERSE}/changes/?$", changes.ChangeList.as_view(), name="change-list"),
    re_path(
        rf"{UNIVERSE}/changes/(?P<change_id>[^/]+)/revert/?$",
        changes.ChangeRevert.as_view(),
        name="change-revert",
    ),
    re_path(rf"{UNIVERSE}/export/?$", imports.ExportDetail.as_view(), name="universe-export"),
    re_path(rf"{UNIVERSE}/invitations/?$", invitations.InvitationList.as_view(), name="invitation-list"),
    re_path(
        rf"{UNIVERSE}/invitations/(?P<invitation_id>[^/]+)/?$",
        invitations.InvitationDetail.as_view(),
        name="invitation-detail",
    ),
    re_path(
        rf"{UNIVERSE}/invitation-links/?$",
        invitation_links.InvitationLinkList.as_view(),
        name="invitation-link-list",
    ),
    re_path(
        rf"{UNIVERSE}/invitation-links/(?P<invitation_link_id>[^/]+)/?$",
        invitation_links.InvitationLinkDetail.as_view(),
        name="invitation-link-detail",
    ),
    re_path(rf"{UNIVERSE}/owner/?$", universes.OwnerDetail.as_view(), name="universe-owner"),
    re_path(rf"{UNIVERSE}/members/?$", universes.MemberList.as_view(), name="member-list"),
    re_path(
        rf"{UNIVERSE}/members/(?P<user_id>[^/]+)/?$", universes.MemberDetail.as_view(), name="member-detail"
    ),
    re_path(rf"{UNIVERSE}/drafts/?$", drafts.DraftCount.as_view(), name="draft-count"),
    re_path(rf"{UNIVERSE}/drafts/promote/?$", drafts.PromoteDrafts.as_view(), name="drafts-promote"),
    re_path(rf"{UNIVERSE}/drafts/discard/?$", drafts.DiscardDrafts.as_view(), name="drafts-discard"),
    re_path(rf"{UNIVERSE}/world-config/?$", world.WorldConfigDetail.as_view(), name="world-config"),
    re_path(rf"{UNIVERSE}/world-config/rules/?$", world.WorldRuleList.as_view(), name="world-rules"),
    re_path(
        rf"{UNIVERSE}/world-config/rules/(?P<rule_id>[^/]+)/?$",
        world.WorldRuleDetail.as_view(),
        name="world-rule",
    ),
    re_path(rf"{UNIVERSE}/elements/?$", canon.ElementList.as_view(), name="element-list"),
    re_path(
        rf"{UNIVERSE}/elements/(?P<element_id>[^/]+)/?$", canon.ElementDetail.as_view(), name="element-detail"
    ),
    re_path(
        rf"{UNIVERSE}/elements/(?P<element_id>[^/]+)/passport/?$",
        passports.ElementPassport.as_view(),
        name="element-passport",
    ),
    re_path(rf"{UNIVERSE}/events/?$", timeline.StoryEventList.as_view(), name="story-events"),
    re_path(
        rf"{UNIVERSE}/events/(?P<event_id>[^/]+)/?$",
        timeline.StoryEventDetail.as_view(),
        name="story-event-detail",
    ),
    re_path(rf"{UNIVERSE}/moment/?$", timeline.MomentView.as_view(), name="universe-moment"),
    re_path(
        rf"{UNIVERSE}/scenes/(?P<scene_id>[^/]+)/moment/?$",
        timeline.SceneMomentDetail.as_view(),
        name="scene-moment",
    ),
    re_path(rf"{UNIVERSE}/relations/?$", relations.RelationList.as_view(), name="relation-list"),
    re_path(
        rf"{UNIVERSE}/relations/(?P<relation_id>[^/]+)/?$",
        relations.RelationDetail.as_view(),
        name="relation-detail",
    ),
    re_path(rf"{UNIVERSE}/scenes/?$", canon.SceneList.as_view(), name="scene-list"),
    re_path(rf"{UNIVERSE}/scenes/(?P<scene_id>[^/]+)/?$", canon.SceneDetail.as_view(), name="scene-detail"),
    re_path(
        rf"{UNIVERSE}/scenes/(?P<scene_id>[^/]+)/passport/?$",
        passports.ScenePassport.as_view(),
        name="scene-passport",
    ),
]
