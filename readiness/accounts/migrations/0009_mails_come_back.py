"""Remember the address that mails to a person came back from."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_an_hour_comes_for_each_person"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="returned_address",
            field=models.EmailField(blank=True, db_default="", default="", max_length=254),
        ),
    ]
