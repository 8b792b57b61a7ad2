"""Tries to sign in, links that were asked for, and which passwords are short (decisions 0025, 0026)."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("lantern", "0005_files_and_videos"),
    ]

    operations = [
        migrations.AddField(
            model_name='account',
            name='short_password',
            field=models.BooleanField(default=False),
        ),
        migrations.CreateModel(
            name='LinkAsked',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('email', models.EmailField(max_length=254)),
                ('url', models.CharField(max_length=500)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='SignInTry',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('account_key', models.CharField(max_length=32)),
                ('password_key', models.CharField(max_length=6)),
                ('address_key', models.CharField(max_length=32)),
                ('at', models.DateTimeField(db_index=True)),
            ],
            options={
                'indexes': [
                    models.Index(fields=['account_key', 'at'], name='try_by_account'),
                    models.Index(fields=['password_key', 'at'], name='try_by_password'),
                    models.Index(fields=['address_key', 'at'], name='try_by_address'),
                ],
            },
        ),
    ]
