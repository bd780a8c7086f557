// Sends a school's records to School Gateway, as its software does every night. .NET 6 or newer, .NET Framework from 4.7,
// Mono; nothing beside them. (JSON is read as XML by the reader that all of them bring; with System.Text.Json or
// Newtonsoft.Json at hand, use that.)
//
//     GATEWAY=http://127.0.0.1:8080 CLIENT_ID=… CLIENT_SECRET=… SCHOOL=31000501 dotnet run
//     mcs -r:System.Net.Http -r:System.Runtime.Serialization -r:System.Xml.Linq Nightly.cs && mono Nightly.exe

using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Runtime.Serialization.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using System.Xml;
using System.Xml.Linq;

/// <summary>The gateway does not take the request; sending the same again would not help.</summary>
public sealed class Refused : Exception
{
    public Refused(string message) : base(message) { }
}

/// <summary>An answer; status 0 when none came.</summary>
public sealed class Answer
{
    public int Status;
    public TimeSpan? RetryAfter;
    public string Text = "";
}

/// <summary>A record: the names and values of its members.</summary>
public sealed class Record
{
    public string Resource;
    public Dictionary<string, string> Data;

    public string Line()
    {
        var members = Data.Select(member => Json.Quoted(member.Key) + ":" + Json.Quoted(member.Value));
        return "{\"resource\":" + Json.Quoted(Resource) + ",\"data\":{" + string.Join(",", members) + "}}\n";
    }
}

public static class Json
{
    public static XElement Read(string text)
    {
        using (var reader = JsonReaderWriterFactory.CreateJsonReader(Encoding.UTF8.GetBytes(text), XmlDictionaryReaderQuotas.Max))
            return XElement.Load(reader);
    }

    public static string Quoted(string words)
    {
        var quoted = new StringBuilder("\"");
        foreach (var letter in words)
        {
            if (letter == '"' || letter == '\\') quoted.Append('\\').Append(letter);
            else if (letter < ' ') quoted.AppendFormat("\\u{0:x4}", (int)letter);
            else quoted.Append(letter);
        }
        return quoted.Append('"').ToString();
    }

    /// <summary>The member's text; null where it is null or absent.</summary>
    public static string Text(this XElement value, string member)
    {
        var found = value.Element(member);
        return found == null || (string)found.Attribute("type") == "null" ? null : found.Value;
    }
}

public sealed class Gateway : IDisposable
{
    const int Attempts = 8;
    static readonly int[] Again = { 0, 429 };
    static readonly Random Chance = new Random();

    readonly HttpClient http = new HttpClient { Timeout = TimeSpan.FromMinutes(2) };
    readonly string url, clientId, clientSecret;
    string token;
    DateTime tokenUntil;

    public Gateway(string url, string clientId, string clientSecret)
    {
        this.url = url.TrimEnd('/');
        this.clientId = clientId;
        this.clientSecret = clientSecret;
    }

    public void Dispose()
    {
        http.Dispose();
    }

    async Task<Answer> Once(Func<HttpRequestMessage> request)
    {
        try
        {
            using (var answer = await http.SendAsync(request()))
                return new Answer
                {
                    Status = (int)answer.StatusCode,
                    RetryAfter = answer.Headers.RetryAfter == null ? null : answer.Headers.RetryAfter.Delta,
                    Text = await answer.Content.ReadAsStringAsync(),
                };
        }
        catch (Exception fault) when (fault is HttpRequestException || fault is TaskCanceledException || fault is IOException)
        {
            return new Answer { Text = "no answer: " + fault.Message };
        }
    }

    /// <summary>Asks until there is an answer that stands: waits as long as the gateway says, else longer each time.</summary>
    async Task<Answer> Patiently(Func<Task<Answer>> request, int[] again)
    {
        Answer answer = null;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            answer = await request();
            if (!again.Contains(answer.Status) && answer.Status < 500) break;
            var longer = TimeSpan.FromSeconds(Math.Min(60, 1 << attempt) * (0.5 + Chance.NextDouble()));
            await Task.Delay(answer.RetryAfter ?? longer);
        }
        return answer;
    }

    /// <summary>The token at hand, or another one a minute before its end.</summary>
    async Task<string> Bearer()
    {
        if (token == null || DateTime.UtcNow > tokenUntil)
        {
            var form = new Dictionary<string, string>
            {
                { "grant_type", "client_credentials" }, { "client_id", clientId }, { "client_secret", clientSecret },
            };
            var answer = await Patiently(() => Once(() =>
                new HttpRequestMessage(HttpMethod.Post, url + "/oauth/token") { Content = new FormUrlEncodedContent(form) }), Again);
            if (answer.Status != 200) throw new Refused("no token: " + answer.Status + " " + answer.Text);
            var members = Json.Read(answer.Text);
            token = members.Text("access_token");
            tokenUntil = DateTime.UtcNow.AddSeconds(int.Parse(members.Text("expires_in")) - 60);
        }
        return token;
    }

    /// <summary>A request with a token. Reads, writes of one record and submissions with a key may all be repeated.</summary>
    public async Task<Answer> Call(HttpMethod method, string path, Func<HttpContent> body = null,
        Dictionary<string, string> headers = null, int[] again = null)
    {
        Func<Task<Answer>> request = async () =>
        {
            var bearer = await Bearer();
            return await Once(() =>
            {
                var message = new HttpRequestMessage(method, url + path) { Content = body == null ? null : body() };
                message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
                message.Headers.Add("Accept-Language", "vi");
                foreach (var header in headers ?? new Dictionary<string, string>()) message.Headers.Add(header.Key, header.Value);
                return message;
            });
        };
        var answer = await Patiently(request, again ?? Again);
        if (answer.Status == 401) // It ran out or was revoked: another one, once.
        {
            token = null;
            answer = await Patiently(request, again ?? Again);
        }
        return answer;
    }

    public async Task<XElement> Read(string path)
    {
        var answer = await Call(HttpMethod.Get, path);
        if (answer.Status != 200) throw new Refused(path + ": " + answer.Status + " " + answer.Text);
        return Json.Read(answer.Text);
    }

    /// <summary>The items of a list, page by page.</summary>
    public async Task Items(string path, Action<XElement> each)
    {
        for (var cursor = ""; cursor != null;)
        {
            var more = cursor == "" ? "" : (path.Contains("?") ? "&" : "?") + "cursor=" + Uri.EscapeDataString(cursor);
            var page = await Read(path + more);
            foreach (var item in page.Element("items").Elements()) each(item);
            cursor = page.Text("nextCursor");
        }
    }

    /// <summary>Sends records in the background, waits for the report and gives it back.</summary>
    public async Task<XElement> Submit(string school, IEnumerable<Record> records)
    {
        var body = Encoding.UTF8.GetBytes(string.Concat(records.Select(record => record.Line())));
        string hash;
        using (var sha = SHA256.Create()) hash = BitConverter.ToString(sha.ComputeHash(body)).Replace("-", "").Substring(0, 16);
        var headers = new Dictionary<string, string>
        {
            { "Prefer", "respond-async" },
            // The same records on the same day are the same submission, also after a crash of this program.
            { "Idempotency-Key", school + "-" + DateTime.Now.ToString("yyyy-MM-dd") + "-" + hash },
        };
        // 409: the first one with this key is still being received.
        var answer = await Call(HttpMethod.Post, "/v1/submissions", () => Compressed(body), headers, new[] { 0, 409, 429 });
        if (!new[] { 200, 202, 422 }.Contains(answer.Status) || !answer.Text.Contains("\"counts\""))
            throw new Refused(answer.Status + ": " + answer.Text);
        var report = Json.Read(answer.Text);
        for (var pause = 200; new[] { "queued", "processing" }.Contains(report.Text("status")); pause = Math.Min(10000, pause * 2))
        {
            await Task.Delay(pause);
            report = await Read(report.Element("links").Text("self"));
        }
        return report;
    }

    static HttpContent Compressed(byte[] body)
    {
        var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionMode.Compress, true)) gzip.Write(body, 0, body.Length);
        var content = new ByteArrayContent(compressed.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        content.Headers.ContentEncoding.Add("gzip");
        return content;
    }
}

public static class Nightly
{
    static Record RecordOf(string resource, string school, params string[] members)
    {
        var data = new Dictionary<string, string> { { "schoolCode", school } };
        for (var at = 0; at < members.Length; at += 2) data[members[at]] = members[at + 1];
        return new Record { Resource = resource, Data = data };
    }

    /// <summary>What your program reads from its own database.</summary>
    static List<Record> Records(string school, string year)
    {
        var records = new List<Record>
        {
            RecordOf("schools", school, "name", "Trường THCS Hoa Phượng", "level", "2", "schoolType", "07", "ownership", "1",
                "provinceCode", school.Substring(0, 2), "communeCode", "10507", "status", "open"),
            RecordOf("classes", school, "schoolYear", year, "classCode", "6A2", "name", "6A2", "grade", "06"),
        };
        var students = new[]
        {
            new[] { Code(school, "01"), "Lê Thu Trang", "2014-07-01", "female" },
            new[] { Code(school, "02"), "Vũ Hải Nam", "9/3/2014", "male" },
            new[] { "TAM-" + school + "-01", "Đỗ Bảo Ngọc", "2014-11-03", "female" }, // The sector has not given ten digits yet.
        };
        foreach (var student in students)
        {
            records.Add(RecordOf("students", school, "studentCode", student[0], "fullName", student[1], "birthDate", student[2],
                "sex", student[3], "ethnicity", "01"));
            records.Add(RecordOf("enrollments", school, "schoolYear", year, "studentCode", student[0], "classCode", "6A2",
                "entryDate", "2025-09-05", "entryType", "new"));
        }
        return records;
    }

    static string Code(string school, string number)
    {
        return "31" + school.Substring(2) + number;
    }

    /// <summary>Mends what a program can; the rest is for people.</summary>
    static bool Mend(Record record, XElement issue)
    {
        var member = issue.Text("pointer").TrimStart('/');
        string value;
        record.Data.TryGetValue(member, out value);
        var day = Regex.Match(value ?? "", @"^(\d{1,2})/(\d{1,2})/(\d{4})$");
        if (issue.Text("code") == "DT-001" && day.Success) // Day, month and year as people write them.
        {
            record.Data[member] = day.Groups[3].Value + "-" + day.Groups[2].Value.PadLeft(2, '0') + "-" + day.Groups[1].Value.PadLeft(2, '0');
            return true;
        }
        Console.WriteLine("  to be mended by hand: " + issue.Text("key") + " " + issue.Text("message") + " " + issue.Text("hint"));
        return false;
    }

    static string Told(XElement report)
    {
        var counts = report.Element("counts").Elements().Select(count => count.Name.LocalName + " " + count.Value);
        return report.Text("result") + " " + string.Join(", ", counts);
    }

    static async Task Run()
    {
        Func<string, string> given = Environment.GetEnvironmentVariable;
        using (var gateway = new Gateway(given("GATEWAY"), given("CLIENT_ID"), given("CLIENT_SECRET")))
            await Night(gateway, given("SCHOOL") ?? "31000501");
    }

    static async Task Night(Gateway gateway, string school)
    {
        var records = Records(school, "2025-2026");
        var report = await gateway.Submit(school, records);
        Console.WriteLine("sent: " + Told(report));

        var mended = new SortedSet<int>();
        await gateway.Items(report.Element("links").Text("issues"), issue =>
        {
            var index = int.Parse(issue.Text("index"));
            if (issue.Text("severity") == "error" && Mend(records[index], issue)) mended.Add(index);
        });
        if (mended.Count > 0)
            Console.WriteLine("mended: " + Told(await gateway.Submit(school, mended.Select(index => records[index]))));

        // The sector has given the student a code: say it once; both codes lead to the same record from then on.
        var official = "{\"studentCode\":" + Json.Quoted(Code(school, "03")) + "}";
        var answer = await gateway.Call(HttpMethod.Post, "/v1/students/TAM-" + school + "-01/identify",
            () => new StringContent(official, Encoding.UTF8, "application/json"));
        Console.WriteLine("official code: " + (answer.Status == 200 ? Json.Read(answer.Text).Text("studentCode") : answer.Status + " " + answer.Text));

        await gateway.Items("/v1/students?schoolCode=" + school + "&sort=studentCode&limit=2", student =>
            Console.WriteLine("stored: " + student.Text("studentCode") + " " + student.Text("fullName") + " " + student.Text("birthDate")));
    }

    public static int Main()
    {
        Console.OutputEncoding = new UTF8Encoding(false);
        try
        {
            Run().GetAwaiter().GetResult();
            return 0;
        }
        catch (Refused refused)
        {
            Console.Error.WriteLine(refused.Message);
            return 1;
        }
    }
}
