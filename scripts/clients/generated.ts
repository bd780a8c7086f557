// Token, submission, read back: with the client that openapi-generator makes (typescript-fetch).
import assert from "node:assert/strict";
import {
    CampusesApi, Configuration, SchoolsApi, SubmissionsApi, TokensApi, type SubmittedRecord,
} from "./generated/index.js";

const [basePath, clientId, clientSecret, schoolCode] = process.argv.slice(2);
const tokens = new TokensApi(new Configuration({ basePath }));
const token = await tokens.createToken({ grantType: "client_credentials", clientId, clientSecret });
const configuration = new Configuration({ basePath, accessToken: token.accessToken });

const name = "Trường THCS Hoa Phượng";
const records: SubmittedRecord[] = [
    {
        resource: "schools",
        data: {
            schoolCode, name, level: "2", schoolType: "07", ownership: "1", provinceCode: "31", communeCode: "10507",
            status: "open", establishedOn: new Date("1998-08-15"),
        },
    },
    {
        resource: "campuses",
        data: { schoolCode, campusCode: "C1", name: "Điểm trường chính", main: true, communeCode: "10507", status: "open" },
    },
    { resource: "classes", operation: "delete", data: { schoolCode, schoolYear: "2025-2026", classCode: "6A1" } },
];
const report = await new SubmissionsApi(configuration).createSubmission({ submittedRecord: records });
assert.equal(report.result, "accepted", JSON.stringify(report));
assert.equal(report.counts.created, 2);

const school = await new SchoolsApi(configuration).getSchool({ schoolCode });
assert.equal(school.name, name);
assert.equal(school.establishedOn?.toISOString().slice(0, 10), "1998-08-15");
assert.equal(school.meta.version, 1);
const campuses = await new CampusesApi(configuration).listCampuses({ schoolCode });
assert.deepEqual(campuses.items.map((campus) => campus.campusCode), ["C1"]);
console.log("TypeScript (typescript-fetch): token, submission, read back.");
