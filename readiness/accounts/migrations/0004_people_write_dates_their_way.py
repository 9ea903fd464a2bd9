from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_sessions_in_view_and_invitations")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="locale",
            field=models.CharField(db_default="en-GB", default="en-GB", max_length=5),
        ),
    ]
