"""Token, submission, read back: with the client that openapi-python-client makes."""

import datetime
import sys

from school_gateway_client import AuthenticatedClient, Client, models
from school_gateway_client.api.campuses import list_campuses
from school_gateway_client.api.schools import get_school
from school_gateway_client.api.submissions import create_submission
from school_gateway_client.api.tokens import create_token

url, client_id, secret, code = sys.argv[1:]
grant = models.CreateTokenBodyGrantType.CLIENT_CREDENTIALS
asked = models.CreateTokenBody(grant, client_id=client_id, client_secret=secret)
token = create_token.sync(client=Client(base_url=url), body=asked)
assert isinstance(token, models.Token), token
client = AuthenticatedClient(base_url=url, token=token.access_token)

name = "Trường THCS Hoa Phượng"
school = models.School(
    school_code=code, name=name, level="2", school_type="07", ownership="1", province_code="31", commune_code="10507",
    status=models.SchoolStatus.OPEN, established_on=datetime.date(1998, 8, 15),
)
campus = models.Campus(
    school_code=code, campus_code="C1", name="Điểm trường chính", main=True, commune_code="10507",
    status=models.CampusStatus.OPEN,
)
gone = models.ClassKey(school_code=code, school_year="2025-2026", class_code="6A1")
records = [
    models.SubmittedSchool(resource=models.SubmittedSchoolResource.SCHOOLS, data=school),
    models.SubmittedCampus(resource=models.SubmittedCampusResource.CAMPUSES, data=campus),
    models.SubmittedClass(
        resource=models.SubmittedClassResource.CLASSES, data=gone, operation=models.SubmittedClassOperation.DELETE
    ),
]
report = create_submission.sync(client=client, body=records)
assert isinstance(report, models.Submission) and report.result == "accepted", report
assert report.counts.created == 2, report.counts

stored = get_school.sync(code, client=client)
assert isinstance(stored, models.StoredSchool), stored
assert (stored.name, stored.established_on, stored.meta.version) == (name, datetime.date(1998, 8, 15), 1), stored
page = list_campuses.sync(client=client, school_code=code)
assert isinstance(page, models.CampusPage) and [campus.campus_code for campus in page.items] == ["C1"], page
print("Python (openapi-python-client): token, submission, read back.")
