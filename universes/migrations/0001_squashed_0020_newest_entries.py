"""All migrations up to 0020 in one: the tables of a new database are made at once."""

import time
from importlib import import_module

import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
import django.utils.timezone
import universes.fields
import universes.ids
from django.conf import settings
from django.db import migrations, models
from universes.tables import CreateTables

# Rows, triggers and whatever else Django does not make: functions of the replaced migrations, in their order.
STEPS = [
    ('0009_words', 'add'),
]


def take_steps(apps, schema_editor):
    for migration, function in STEPS:
        getattr(import_module(f'universes.migrations.{migration}'), function)(apps, schema_editor)


class Migration(migrations.Migration):

    initial = True

    replaces = [
        ('universes', '0001_initial'),
        ('universes', '0002_review_settings'),
        ('universes', '0003_second_opinion'),
        ('universes', '0004_mentions'),
        ('universes', '0005_name_keys'),
        ('universes', '0006_invitations'),
        ('universes', '0007_drafts_index'),
        ('universes', '0008_scene_kinds'),
        ('universes', '0009_words'),
        ('universes', '0010_invitation_links'),
        ('universes', '0011_relations'),
        ('universes', '0012_world_imports'),
        ('universes', '0013_declared_origins'),
        ('universes', '0014_world_history'),
        ('universes', '0015_story_order'),
        ('universes', '0016_recheck_on_save'),
        ('universes', '0017_timeline'),
        ('universes', '0018_timeline_history'),
        ('universes', '0019_plain_field_names'),
        ('universes', '0020_newest_entries'),
    ]

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateTables([
            migrations.CreateModel(
                name='Element',
                fields=[
                    ('id', models.UUIDField(default=universes.ids.new_id, editable=False, primary_key=True, serialize=False)),
                    ('canon_status', models.CharField(choices=[('draft', 'Draft'), ('canon', 'Canon'), ('retired', 'Retired')], default='draft', editable=False, max_length=10, verbose_name='status')),
                    ('origin_ref', models.CharField(blank=True, default='', editable=False, help_text='The job that created it. Empty: created by hand.', max_length=100)),
                    ('mentions', models.JSONField(blank=True, default=list, help_text='Characters that the text only mentions.')),
                    ('declared', models.JSONField(editable=False, help_text='What its import said of what made it. Empty: it was not imported.', null=True)),
                    ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                    ('updated_at', models.DateTimeField(auto_now=True, verbose_name='changed')),
                    ('kind', models.CharField(choices=[('character', 'Character'), ('location', 'Location'), ('item', 'Item'), ('faction', 'Faction'), ('event', 'Event'), ('concept', 'Concept'), ('species', 'Species'), ('technology', 'Technology')], max_length=12)),
                    ('name', models.CharField(max_length=200)),
                    ('name_key', universes.fields.FoldedNameField(editable=False, max_length=600, source='name')),
                    ('summary', models.TextField(blank=True, default='', max_length=10000)),
                    ('traits', models.JSONField(blank=True, default=dict)),
                    ('created_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'db_table': 'elements',
                    'abstract': False,
                    'indexes': [models.Index(fields=['-created_at', '-id'], name='element_newest_of_all')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('canon_status__in', ['draft', 'canon', 'retired'])), name='element_canon_status_known'), models.CheckConstraint(condition=models.Q(('kind__in', ['character', 'location', 'item', 'faction', 'event', 'concept', 'species', 'technology'])), name='element_kind_known'), models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), models.Q(('name_key', ''), _negated=True)), name='element_is_named'), models.CheckConstraint(condition=django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length('summary'), 10000), name='element_summary_bounded')],
                },
            ),
            migrations.CreateModel(
                name='Membership',
                fields=[
                    ('id', models.UUIDField(default=universes.ids.new_id, editable=False, primary_key=True, serialize=False)),
                    ('role', models.CharField(choices=[('owner', 'Owner'), ('editor', 'Editor'), ('viewer', 'Viewer')], default='viewer', max_length=10)),
                    ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='universe_memberships', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': 'member',
                    'db_table': 'universe_members',
                    'constraints': [models.CheckConstraint(condition=models.Q(('role__in', ['owner', 'editor', 'viewer'])), name='member_role_known')],
                },
            ),
            migrations.CreateModel(
                name='Universe',
                fields=[
                    ('id', models.UUIDField(default=universes.ids.new_id, editable=False, primary_key=True, serialize=False)),
                    ('name', models.CharField(max_length=200)),
                    ('slug', models.SlugField(allow_unicode=True, db_index=False, editable=False, help_text='Made from the first name and kept when the name changes.', max_length=80)),
                    ('description', models.TextField(blank=True, default='', max_length=10000)),
                    ('archived', models.BooleanField(default=False, help_text='Read-only: nothing in it can be added or changed.')),
                    ('trusted_output', models.CharField(choices=[('draft', 'Drafts'), ('canon', 'Canon')], default='draft', help_text='Where trusted agent output goes.', max_length=10)),
                    ('review_within_h', models.PositiveSmallIntegerField(blank=True, help_text="Hours until an open review is overdue. Empty: the site's default.", null=True, verbose_name='review within (hours)')),
                    ('opinions_wanted', models.PositiveSmallIntegerField(default=1, help_text='Independent reviews per output, 1 to 3. A lead settles disagreements.', verbose_name='independent reviews')),
                    ('audit_share', models.FloatField(blank=True, help_text="Share of trusted output that is reviewed anyway, 0 to 1. Empty: the site's default.", null=True, verbose_name='share audited')),
                    ('second_opinion', models.BooleanField(default=False, help_text='The consistency agent checks each scene and place before its confidence is computed.')),
                    ('recheck_on_save', models.BooleanField(db_default=False, default=False, help_text='Canon scenes are checked again whenever the world or a scene changes.', verbose_name='re-check on saving')),
                    ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                    ('updated_at', models.DateTimeField(auto_now=True, verbose_name='changed')),
                    ('members', models.ManyToManyField(related_name='universes', through='universes.Membership', to=settings.AUTH_USER_MODEL)),
                    ('owner', models.ForeignKey(help_text='May archive, delete and share the universe.', on_delete=django.db.models.deletion.PROTECT, related_name='owned_universes', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'db_table': 'universes',
                    'indexes': [models.Index(fields=['-created_at', '-id'], name='universe_newest')],
                    'constraints': [models.UniqueConstraint(fields=('owner', 'slug'), name='universe_slug_once_per_owner'), models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), models.Q(('slug', ''), _negated=True)), name='universe_is_named'), models.CheckConstraint(condition=models.Q(('trusted_output__in', ['draft', 'canon'])), name='universe_trusted_output_known'), models.CheckConstraint(condition=models.Q(('review_within_h__isnull', True), models.Q(('review_within_h__gte', 1), ('review_within_h__lte', 8760)), _connector='OR'), name='universe_review_within_range'), models.CheckConstraint(condition=models.Q(('opinions_wanted__gte', 1), ('opinions_wanted__lte', 3)), name='universe_opinions_range'), models.CheckConstraint(condition=models.Q(('audit_share__isnull', True), models.Q(('audit_share__gte', 0), ('audit_share__lte', 1)), _connector='OR'), name='universe_audit_share_range')],
                },
            ),
            migrations.CreateModel(
                name='StoryEvent',
                fields=[
                    ('id', models.UUIDField(default=universes.ids.new_id, editable=False, primary_key=True, serialize=False)),
                    ('kind', models.CharField(choices=[('event', 'Event'), ('birth', 'Birth'), ('death', 'Death')], default='event', max_length=10)),
                    ('title', models.CharField(max_length=200)),
                    ('key', models.FloatField(help_text='Events are ordered by this number: a year, a day, a count of tides.')),
                    ('label', models.CharField(help_text="The moment in the world's own words.", max_length=100)),
                    ('note', models.CharField(blank=True, default='', max_length=1000)),
                    ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                    ('updated_at', models.DateTimeField(auto_now=True)),
                    ('participants', models.ManyToManyField(blank=True, related_name='story_events', to='universes.element')),
                    ('place', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='events_here', to='universes.element')),
                    ('universe', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='story_events', to='universes.universe')),
                ],
                options={
                    'db_table': 'story_events',
                    'indexes': [models.Index(fields=['universe', 'key', 'id'], name='story_event_in_order')],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('title', ''), _negated=True), models.Q(('label', ''), _negated=True)), name='story_event_is_named'), models.CheckConstraint(condition=models.Q(('kind__in', ['event', 'birth', 'death'])), name='story_event_kind_known')],
                },
            ),
            migrations.CreateModel(
                name='Scene',
                fields=[
                    ('id', models.UUIDField(default=universes.ids.new_id, editable=False, primary_key=True, serialize=False)),
                    ('canon_status', models.CharField(choices=[('draft', 'Draft'), ('canon', 'Canon'), ('retired', 'Retired')], default='draft', editable=False, max_length=10, verbose_name='status')),
                    ('origin_ref', models.CharField(blank=True, default='', editable=False, help_text='The job that created it. Empty: created by hand.', max_length=100)),
                    ('mentions', models.JSONField(blank=True, default=list, help_text='Characters that the text only mentions.')),
                    ('declared', models.JSONField(editable=False, help_text='What its import said of what made it. Empty: it was not imported.', null=True)),
                    ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                    ('updated_at', models.DateTimeField(auto_now=True, verbose_name='changed')),
                    ('title', models.CharField(max_length=200)),
                    ('kind', models.CharField(choices=[('narrative', 'Narrative'), ('video_prompt', 'Video prompt')], db_default='narrative', default='narrative', max_length=20)),
                    ('text', models.TextField(max_length=100000)),
                    ('details', models.JSONField(blank=True, default=dict, editable=False, help_text='What its kind has besides the text: shots, camera and mood of a video prompt.')),
                    ('word_count', models.PositiveIntegerField(default=0, editable=False)),
                    ('story_position', models.FloatField(db_default=0.0, default=time.time, editable=False, help_text='Scenes are read in the order of this number.')),
                    ('created_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('universe', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)ss', to='universes.universe')),
                ],
                options={
                    'db_table': 'scenes',
                    'abstract': False,
                    'indexes': [models.Index(fields=['universe', '-created_at', '-id'], name='scene_newest'), models.Index(fields=['universe', 'canon_status', '-created_at'], name='scene_by_status'), models.Index(fields=['-created_at', '-id'], name='scene_newest_of_all'), models.Index(condition=models.Q(('canon_status', 'draft')), fields=['universe'], name='scene_drafts'), models.Index(fields=['universe', 'story_position', 'id'], name='scene_story_order')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('origin_ref__gt', '')), fields=('origin_ref', 'universe'), name='scene_one_per_origin'), models.CheckConstraint(condition=models.Q(('canon_status__in', ['draft', 'canon', 'retired'])), name='scene_canon_status_known'), models.CheckConstraint(condition=models.Q(models.Q(('title', ''), _negated=True), models.Q(('text', ''), _negated=True)), name='scene_has_title_and_text'), models.CheckConstraint(condition=models.Q(('kind__in', ['narrative', 'video_prompt'])), name='scene_kind_known'), models.CheckConstraint(condition=django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length('text'), 100000), name='scene_text_bounded')],
                },
            ),
            migrations.CreateModel(
                name='Relation',
                fields=[
                    ('id', models.UUIDField(default=universes.ids.new_id, editable=False, primary_key=True, serialize=False)),
                    ('kind', models.CharField(help_text='For example: sister, member, located in.', max_length=60)),
                    ('since', models.CharField(blank=True, default='', max_length=100)),
                    ('until', models.CharField(blank=True, default='', max_length=100)),
                    ('note', models.CharField(blank=True, default='', max_length=1000)),
                    ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                    ('updated_at', models.DateTimeField(auto_now=True)),
                    ('created_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('from_element', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='relations_from', to='universes.element')),
                    ('to_element', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='relations_to', to='universes.element')),
                    ('universe', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='relations', to='universes.universe')),
                ],
                options={
                    'db_table': 'element_relations',
                    'indexes': [models.Index(fields=['universe', '-created_at', '-id'], name='relation_newest')],
                    'constraints': [models.UniqueConstraint(fields=('from_element', 'to_element', 'kind', 'since'), name='relation_stated_once'), models.CheckConstraint(condition=models.Q(('kind', ''), _negated=True), name='relation_has_kind'), models.CheckConstraint(condition=models.Q(('from_element', models.F('to_element')), _negated=True), name='relation_of_two_elements'), models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['acquaintance', 'adjacent to', 'allied with', 'ally', 'at war with', 'colleague', 'cousin', 'enemy', 'friend', 'linked to', 'lover', 'married to', 'neighbour', 'partner', 'related to', 'relative', 'rival', 'same as', 'sibling', 'spouse', 'trades with', 'twin']), _negated=True), ('from_element__lt', models.F('to_element')), _connector='OR'), name='relation_symmetric_once')],
                },
            ),
            migrations.AddField(
                model_name='membership',
                name='universe',
                field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='universes.universe'),
            ),
            migrations.CreateModel(
                name='InvitationLink',
                fields=[
                    ('id', models.UUIDField(default=universes.ids.new_id, editable=False, primary_key=True, serialize=False)),
                    ('role', models.CharField(choices=[('owner', 'Owner'), ('editor', 'Editor'), ('viewer', 'Viewer')], max_length=10)),
                    ('secret_hash', models.CharField(editable=False, max_length=64, unique=True)),
                    ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                    ('expires_at', models.DateTimeField()),
                    ('used_at', models.DateTimeField(blank=True, null=True)),
                    ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('used_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('universe', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitation_links', to='universes.universe')),
                ],
                options={
                    'db_table': 'universe_invitation_links',
                    'constraints': [models.CheckConstraint(condition=models.Q(('role__in', ['editor', 'viewer'])), name='invitation_link_role_known')],
                },
            ),
            migrations.CreateModel(
                name='Invitation',
                fields=[
                    ('id', models.UUIDField(default=universes.ids.new_id, editable=False, primary_key=True, serialize=False)),
                    ('username', models.CharField(max_length=150)),
                    ('role', models.CharField(choices=[('owner', 'Owner'), ('editor', 'Editor'), ('viewer', 'Viewer')], max_length=10)),
                    ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                    ('expires_at', models.DateTimeField()),
                    ('declined_at', models.DateTimeField(blank=True, null=True)),
                    ('invited_by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('universe', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='universes.universe')),
                ],
                options={
                    'db_table': 'universe_invitations',
                    'constraints': [models.UniqueConstraint(fields=('universe', 'username'), name='invitation_once_per_name'), models.CheckConstraint(condition=models.Q(('role__in', ['editor', 'viewer'])), name='invitation_role_known')],
                },
            ),
            migrations.AddField(
                model_name='element',
                name='universe',
                field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)ss', to='universes.universe'),
            ),
            migrations.CreateModel(
                name='WorldImport',
                fields=[
                    ('id', models.UUIDField(default=universes.ids.new_id, editable=False, primary_key=True, serialize=False)),
                    ('is_new_universe', models.BooleanField(default=False)),
                    ('file_name', models.CharField(max_length=200)),
                    ('file_hash', models.CharField(max_length=64)),
                    ('format', models.CharField(max_length=20)),
                    ('dry_run', models.BooleanField(default=False)),
                    ('include_private', models.BooleanField(default=False)),
                    ('status', models.CharField(choices=[('pending', 'Pending'), ('running', 'Running'), ('completed', 'Completed'), ('failed', 'Failed'), ('undone', 'Undone')], default='pending', max_length=10)),
                    ('attempts', models.PositiveSmallIntegerField(default=0)),
                    ('claimed_until', models.DateTimeField(blank=True, null=True)),
                    ('done', models.PositiveIntegerField(default=0)),
                    ('total', models.PositiveIntegerField(default=0)),
                    ('created', models.JSONField(default=dict)),
                    ('updated', models.PositiveIntegerField(default=0)),
                    ('skipped', models.PositiveIntegerField(default=0)),
                    ('report', models.JSONField(default=list)),
                    ('before', models.JSONField(default=dict)),
                    ('error_code', models.CharField(blank=True, default='', max_length=50)),
                    ('error', models.TextField(blank=True, default='')),
                    ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                    ('finished_at', models.DateTimeField(blank=True, null=True)),
                    ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('universe', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='imports', to='universes.universe')),
                ],
                options={
                    'db_table': 'world_imports',
                    'indexes': [models.Index(fields=['owner', '-created_at', '-id'], name='import_newest'), models.Index(condition=models.Q(('status__in', ['pending', 'running'])), fields=['created_at'], name='import_unfinished')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('status', 'running')), fields=('owner',), name='import_one_runs_per_owner'), models.CheckConstraint(condition=models.Q(('status__in', ['pending', 'running', 'completed', 'failed', 'undone'])), name='import_status_known')],
                },
            ),
            migrations.CreateModel(
                name='ImportFilePart',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.PositiveIntegerField()),
                    ('data', models.BinaryField()),
                    ('world_import', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='universes.worldimport')),
                ],
                options={
                    'db_table': 'world_import_parts',
                    'constraints': [models.UniqueConstraint(fields=('world_import', 'number'), name='import_part_once')],
                },
            ),
            migrations.CreateModel(
                name='ImportedEntry',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('source', models.CharField(max_length=20)),
                    ('key', models.CharField(max_length=300)),
                    ('target_kind', models.CharField(max_length=10)),
                    ('target_id', models.UUIDField()),
                    ('source_hash', models.CharField(max_length=64)),
                    ('stored_hash', models.CharField(max_length=64)),
                    ('universe', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='universes.universe')),
                    ('world_import', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='entries', to='universes.worldimport')),
                ],
                options={
                    'db_table': 'imported_entries',
                    'indexes': [models.Index(fields=['target_id'], name='imported_entry_target')],
                    'constraints': [models.UniqueConstraint(fields=('universe', 'source', 'target_kind', 'key'), name='imported_entry_once')],
                },
            ),
            migrations.CreateModel(
                name='CanonChange',
                fields=[
                    ('id', models.UUIDField(default=universes.ids.new_id, editable=False, primary_key=True, serialize=False)),
                    ('target_kind', models.CharField(choices=[('element', 'Element'), ('scene', 'Scene'), ('relation', 'Relation'), ('world', 'World config'), ('event', 'Event of the timeline'), ('moment', 'Moment of a scene')], max_length=10, verbose_name='kind of entry')),
                    ('target_id', models.UUIDField()),
                    ('action', models.CharField(choices=[('added', 'Added'), ('revised', 'Revised'), ('promoted', 'Promoted to canon'), ('retired', 'Retired'), ('withdrawn', 'Withdrawn: the step before was undone')], max_length=10)),
                    ('origin_ref', models.CharField(blank=True, default='', max_length=100)),
                    ('before', models.JSONField(null=True)),
                    ('after', models.JSONField()),
                    ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='time')),
                    ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('universe', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='canon_changes', to='universes.universe')),
                    ('world_import', models.ForeignKey(blank=True, help_text='The import that made the step.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='changes', to='universes.worldimport')),
                ],
                options={
                    'db_table': 'canon_changes',
                    'indexes': [models.Index(fields=['universe', '-at', '-id'], name='canon_change_newest'), models.Index(fields=['target_kind', 'target_id', 'at'], name='canon_change_by_target')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('target_kind__in', ['element', 'scene', 'relation', 'world', 'event', 'moment'])), name='canon_change_target_known'), models.CheckConstraint(condition=models.Q(('action__in', ['added', 'revised', 'promoted', 'retired', 'withdrawn'])), name='canon_change_action_known')],
                },
            ),
            migrations.CreateModel(
                name='WorldRule',
                fields=[
                    ('id', models.UUIDField(default=universes.ids.new_id, editable=False, primary_key=True, serialize=False)),
                    ('position', models.PositiveSmallIntegerField(help_text='Counted from 1.')),
                    ('text', models.CharField(help_text='For example: No one can teleport.', max_length=1000)),
                    ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                    ('universe', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='world_rules', to='universes.universe')),
                ],
                options={
                    'db_table': 'world_rules',
                    'ordering': ['universe', 'position'],
                    'constraints': [models.UniqueConstraint(fields=('universe', 'position'), name='world_rule_one_per_position'), models.CheckConstraint(condition=models.Q(('position__gte', 1)), name='world_rule_position_from_one'), models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='world_rule_has_text')],
                },
            ),
            migrations.CreateModel(
                name='SceneMoment',
                fields=[
                    ('scene', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='moment', serialize=False, to='universes.scene')),
                    ('key', models.FloatField()),
                    ('label', models.CharField(max_length=100)),
                ],
                options={
                    'db_table': 'scene_moments',
                    'constraints': [models.CheckConstraint(condition=models.Q(('label', ''), _negated=True), name='scene_moment_is_named')],
                },
            ),
            migrations.CreateModel(
                name='WorldConfig',
                fields=[
                    ('universe', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='world_config', serialize=False, to='universes.universe')),
                    ('genre', models.CharField(blank=True, default='', help_text='For example: low fantasy.', max_length=200)),
                    ('tone', models.CharField(blank=True, default='', help_text='For example: wry, melancholic.', max_length=200)),
                    ('tech_level', models.CharField(blank=True, default='', help_text='For example: medieval. Output is checked against it.', max_length=200)),
                    ('magic_system', models.TextField(blank=True, default='', help_text='What magic can do and what it costs.', max_length=4000)),
                    ('physics', models.TextField(blank=True, default='', help_text='Where nature differs from ours.', max_length=4000)),
                    ('updated_at', models.DateTimeField(auto_now=True)),
                ],
                options={
                    'db_table': 'world_configs',
                    'constraints': [models.CheckConstraint(condition=models.Q(django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length('magic_system'), 4000), django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length('physics'), 4000)), name='world_config_texts_bounded')],
                },
            ),
            migrations.AddConstraint(
                model_name='membership',
                constraint=models.UniqueConstraint(fields=('universe', 'user'), name='member_once_per_universe'),
            ),
            migrations.AddConstraint(
                model_name='membership',
                constraint=models.UniqueConstraint(condition=models.Q(('role', 'owner')), fields=('universe',), name='member_one_owner'),
            ),
            migrations.AddIndex(
                model_name='element',
                index=models.Index(fields=['universe', '-created_at', '-id'], name='element_newest'),
            ),
            migrations.AddIndex(
                model_name='element',
                index=models.Index(fields=['universe', 'canon_status', '-created_at'], name='element_by_status'),
            ),
            migrations.AddIndex(
                model_name='element',
                index=models.Index(condition=models.Q(('canon_status', 'draft')), fields=['universe'], name='element_drafts'),
            ),
            migrations.AddIndex(
                model_name='element',
                index=models.Index(fields=['universe', 'kind', '-created_at'], name='element_by_kind'),
            ),
            migrations.AddConstraint(
                model_name='element',
                constraint=models.UniqueConstraint(condition=models.Q(('origin_ref__gt', '')), fields=('origin_ref', 'universe'), name='element_one_per_origin'),
            ),
            migrations.AddConstraint(
                model_name='element',
                constraint=models.UniqueConstraint(condition=models.Q(('canon_status', 'retired'), _negated=True), fields=('universe', 'kind', 'name_key'), name='element_name_once_per_kind'),
            ),
        ]),
        migrations.RunPython(take_steps, migrations.RunPython.noop),
    ]
