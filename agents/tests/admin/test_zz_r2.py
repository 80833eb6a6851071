from __future__ import annotations
import pytest
from django.urls import reverse
from django.utils import timezone
from agents.models import AgentJob, AgentJobEvent, GoldStandard, ReviewItem, ReviewDecision
from agents.tests.admin import makers
pytestmark = pytest.mark.django_db

def rows(resp):
    assert resp.status_code in (200, 302, 400), resp.status_code
    if resp.status_code != 200: return resp.status_code
    return resp.context["cl"].result_count

def test_jobs_lookup(reviewing, creator, universe, reviewer):
    job = makers.make_job(creator, universe, confidence_score=0.43, human_review_required=False)
    makers.make_review(job, kind="audit", is_blind=True)
    url = reverse("admin:agents_agentjob_changelist")
    for q in ("confidence_score__gte=0.9", "confidence_score__lte=0.5", "human_review_required__exact=0", "human_review_required=1","signals__icontains=word", "review_items__kind=audit","gold__isnull=1", "calls__model=mock"):
        print("JOB", q, rows(reviewing.get(f"{url}?{q}")))
    job2 = makers.make_job(creator, universe, confidence_score=0.43, human_review_required=True)
    makers.make_review(job2, kind="doubt", is_blind=True)
    r = reviewing.get(f"{url}?o=6")
    print([str(x.pk)[-4:] for x in r.context["cl"].result_list], str(job.pk)[-4:], str(job2.pk)[-4:])
    r = reviewing.get(f"{url}?o=-6")
    print([str(x.pk)[-4:] for x in r.context["cl"].result_list])
    for name in ("agentjobevent","modelcall","reviewskip","reviewdecision","notification","reviewcomment","rejectreason","generationschedule"):
        try: u = reverse(f"admin:agents_{name}_changelist")
        except Exception as e: print(name, e); continue
        print(name, reviewing.get(u).status_code)
    u = reverse("admin:agents_agentjobevent_changelist")
    AgentJobEvent.objects.create(job=job, kind="canon_added", attempt=1, data={"x": 1})
    print("events", rows(reviewing.get(f"{u}?kind__exact=canon_added")), rows(reviewing.get(f"{u}?data__confidence__gte=0.4")))
    u = reverse("admin:agents_reviewdecision_changelist")
    for q in ("item__kind=gold","item__confidence__gte=0.1","item__draw_rate__lt=1", "before__content__icontains=a", "item__job__gold__answer=refuse", "item__is_blind=1", "q=%00", "reason__code=x", "at__gte=zz"):
        print("DEC", q, rows(reviewing.get(f"{u}?{q}")))

def test_nul(reviewing, item, ana_reviewing):
    q = reverse("admin:agents_reviewitem_changelist")
    for qs in ("q=%00", "reviewer=%00&state=closed", "reviewer=%ED%A0%80&state=closed", "agent_type__exact=%00", "universe__id__exact=%00","state=%00", "universe__id__exact=zz", "p=99999999999999999999999", "o=99999999999.-5.zz", "universe=zz", "e=1","agent_type__in=" + ",".join(["a"]*5000), "q=" + "a+"*3000):
        try: print("QUEUE", qs[:50], reviewing.get(f"{q}?{qs}").status_code)
        except Exception as e: print("QUEUE-ERR", qs[:50], type(e), str(e)[:100])
    def post(name, args, data):
        try:
            r = reviewing.post(reverse(f"admin:agents_reviewitem_{name}", args=args), data)
            print("POST", name, {k: repr(v)[:30] for k, v in data.items()}, r.status_code)
        except Exception as e:
            print("POST-ERR", name, {k: repr(v)[:30] for k, v in data.items()}, type(e), str(e)[:100])
    post("hand", [item.pk], {"to": "a\x00b"})
    post("hand", [item.pk], {"to": "a"*100000})
    post("hand", [item.pk], {"to": "ana", "note": "a\x00"})
    post("decide", [item.pk], {"verdict": "rejected", "reason": "a\x00b"})
    post("decide", [item.pk], {"verdict": "rejected", "reason": "a"*5000})
    post("decide", [item.pk], {"verdict": "zz"})
    post("decide", [item.pk], {"verdict": "edited"})
    post("decide", [item.pk], {"verdict": "edited", "content": "a\x00", "output-content": "\x00"})
    post("bulk", [], {"verdict": "rejected"})
    post("bulk", [], {"verdict": "rejected", "reason": "\x00", "id": [str(item.pk)]})
    post("bulk", [], {"verdict": "approved"})
    import uuid
    post("bulk", [], {"verdict": "rejected", "id": [str(uuid.uuid4()) for _ in range(600)]})
    post("bulk", [], {"verdict": "approved", "id": [str(item.pk)], "left": [str(uuid.uuid4()) for _ in range(600)]})
    post("comment", [item.pk], {"text": "@a\x00"})
    post("skip", [item.pk], {"note": "\x00"})
    post("undo", [item.pk], {"here": "\x00"})
