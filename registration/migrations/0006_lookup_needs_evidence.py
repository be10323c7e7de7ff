import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registration", "0005_proofs_that_stay"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="creditlookup",
            name="lookup_has_evidence_or_note",
        ),
        migrations.AlterField(
            model_name="creditlookup",
            name="evidence",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lookups",
                to="registration.lookupevidence",
            ),
        ),
    ]
