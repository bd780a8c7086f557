// Token, submission, read back: with the types of openapi-typescript and openapi-fetch.
import assert from "node:assert/strict";
import createClient from "openapi-fetch";
import type { components, paths } from "./schema.js";

type SubmittedRecord = components["schemas"]["SubmittedRecord"];

const [baseUrl, id, secret, code] = process.argv.slice(2);
const client = createClient<paths, "application/json">({ baseUrl });

const token = await client.POST("/oauth/token", {
    body: { grant_type: "client_credentials", client_id: id, client_secret: secret },
    bodySerializer: (form) => new URLSearchParams(form as Record<string, string>),
});
assert.ok(token.data, JSON.stringify(token.error));
const headers = { Authorization: `Bearer ${token.data.access_token}` };

const name = "Trường THCS Hoa Phượng";
const records: SubmittedRecord[] = [
    {
        resource: "schools",
        data: {
            schoolCode: code, name, level: "2", schoolType: "07", ownership: "1", provinceCode: "31", communeCode: "10507",
            status: "open", establishedOn: "1998-08-15",
        },
    },
    {
        resource: "campuses",
        data: { schoolCode: code, campusCode: "C1", name: "Điểm trường chính", main: true, communeCode: "10507", status: "open" },
    },
    { resource: "classes", operation: "delete", data: { schoolCode: code, schoolYear: "2025-2026", classCode: "6A1" } },
];
// @ts-expect-error A record's data are those of its resource.
const mixed: SubmittedRecord = { resource: "campuses", data: { studentCode: "3100000001" } };
assert.ok(mixed);

const report = await client.POST("/v1/submissions", { body: records, headers });
assert.equal(report.data?.result, "accepted", JSON.stringify(report.error ?? report.data));
assert.equal(report.data.counts.created, 2);

const school = await client.GET("/v1/schools/{schoolCode}", { params: { path: { schoolCode: code } }, headers });
assert.equal(school.data?.name, name);
assert.equal(school.data.meta.version, 1);
const campuses = await client.GET("/v1/campuses", { params: { query: { schoolCode: code } }, headers });
assert.deepEqual(campuses.data?.items.map((campus) => campus.campusCode), ["C1"]);
console.log("TypeScript (openapi-typescript): token, submission, read back.");
