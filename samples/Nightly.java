import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;

/**
 * Sends a school's records to School Gateway, as its software does every night. Java 17 or newer, nothing beside it:
 *
 *     javac -d out Nightly.java Json.java
 *     GATEWAY=http://127.0.0.1:8080 CLIENT_ID=… CLIENT_SECRET=… SCHOOL=31000501 java -cp out Nightly
 */
public final class Nightly {
    private static final int ATTEMPTS = 8;
    private static final Set<Integer> AGAIN = Set.of(0, 429);

    /** The gateway does not take the request; sending the same again would not help. */
    static final class Refused extends RuntimeException {
        Refused(String message) {
            super(message);
        }
    }

    /** An answer; status 0 when none came. */
    record Answer(int status, double retryAfter, String text) {}

    @FunctionalInterface
    interface Request {
        Answer send() throws InterruptedException;
    }

    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String url;
    private final String clientId;
    private final String clientSecret;
    private String token;
    private long tokenUntil;

    Nightly(String url, String clientId, String clientSecret) {
        this.url = url.replaceAll("/$", "");
        this.clientId = clientId;
        this.clientSecret = clientSecret;
    }

    private Answer once(String method, String path, byte[] body, Map<String, String> headers) throws InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path)).timeout(Duration.ofMinutes(2))
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        headers.forEach(request::header);
        try {
            HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
            return new Answer(answer.statusCode(), answer.headers().firstValue("Retry-After").map(Double::parseDouble).orElse(-1.0), answer.body());
        } catch (IOException fault) {
            return new Answer(0, -1, "no answer: " + fault);
        }
    }

    /** Asks until there is an answer that stands: waits as long as the gateway says, else longer each time. */
    private Answer patiently(Request request, Set<Integer> again) throws InterruptedException {
        Answer answer = null;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            answer = request.send();
            if (!again.contains(answer.status()) && answer.status() < 500) {
                break;
            }
            double seconds = answer.retryAfter() >= 0 ? answer.retryAfter() : Math.min(60, 1 << attempt) * (0.5 + Math.random());
            Thread.sleep((long) (seconds * 1000));
        }
        return answer;
    }

    /** The token at hand, or another one a minute before its end. */
    private String bearer() throws InterruptedException {
        if (token == null || System.nanoTime() > tokenUntil) {
            String form = "grant_type=client_credentials&client_id=" + encoded(clientId) + "&client_secret=" + encoded(clientSecret);
            Map<String, String> headers = Map.of("Content-Type", "application/x-www-form-urlencoded");
            Answer answer = patiently(() -> once("POST", "/oauth/token", bytes(form), headers), AGAIN);
            if (answer.status() != 200) {
                throw new Refused("no token: " + answer.status() + " " + answer.text());
            }
            Map<String, Object> members = object(Json.read(answer.text()));
            token = (String) members.get("access_token");
            tokenUntil = System.nanoTime() + (((Double) members.get("expires_in")).longValue() - 60) * 1_000_000_000L;
        }
        return token;
    }

    /** A request with a token. Reads, writes of one record and submissions with a key may all be repeated. */
    private Answer call(String method, String path, byte[] body, Map<String, String> headers, Set<Integer> again) throws InterruptedException {
        Request request = () -> {
            Map<String, String> all = new LinkedHashMap<>(headers);
            all.put("Accept-Language", "vi");
            all.put("Authorization", "Bearer " + bearer());
            return once(method, path, body, all);
        };
        Answer answer = patiently(request, again);
        if (answer.status() == 401) { // It ran out or was revoked: another one, once.
            token = null;
            answer = patiently(request, again);
        }
        return answer;
    }

    private Map<String, Object> read(String path) throws InterruptedException {
        Answer answer = call("GET", path, null, Map.of(), AGAIN);
        if (answer.status() != 200) {
            throw new Refused(path + ": " + answer.status() + " " + answer.text());
        }
        return object(Json.read(answer.text()));
    }

    /** The items of a list, page by page. */
    private void items(String path, Consumer<Map<String, Object>> each) throws InterruptedException {
        String cursor = "";
        while (cursor != null) {
            String more = cursor.isEmpty() ? "" : (path.contains("?") ? "&" : "?") + "cursor=" + encoded(cursor);
            Map<String, Object> page = read(path + more);
            ((List<?>) page.get("items")).forEach(item -> each.accept(object(item)));
            cursor = (String) page.get("nextCursor");
        }
    }

    /** Sends records in the background, waits for the report and gives it back. */
    private Map<String, Object> submit(String school, List<Map<String, Object>> records) throws Exception {
        StringBuilder lines = new StringBuilder();
        records.forEach(record -> lines.append(Json.write(record)).append('\n'));
        byte[] body = bytes(lines.toString());
        // The same records on the same day are the same submission, also after a crash of this program.
        String hash = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body)).substring(0, 16);
        Map<String, String> headers = Map.of("Content-Type", "application/x-ndjson", "Content-Encoding", "gzip",
            "Prefer", "respond-async", "Idempotency-Key", school + "-" + LocalDate.now() + "-" + hash);
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write(body);
        }
        // 409: the first one with this key is still being received.
        Answer answer = call("POST", "/v1/submissions", compressed.toByteArray(), headers, Set.of(0, 409, 429));
        if (!Set.of(200, 202, 422).contains(answer.status()) || !answer.text().contains("\"counts\"")) {
            throw new Refused(answer.status() + ": " + answer.text());
        }
        Map<String, Object> report = object(Json.read(answer.text()));
        for (long pause = 200; Set.of("queued", "processing").contains(report.get("status")); pause = Math.min(10_000, pause * 2)) {
            Thread.sleep(pause);
            report = read(link(report, "self"));
        }
        return report;
    }

    private static String link(Map<String, Object> report, String name) {
        return (String) object(report.get("links")).get(name);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(Object value) {
        return (Map<String, Object>) value;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** A record of the school: the names and values of its members in turns. */
    private static Map<String, Object> record(String resource, String school, String... members) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("schoolCode", school);
        for (int at = 0; at < members.length; at += 2) {
            data.put(members[at], members[at + 1]);
        }
        Map<String, Object> record = new LinkedHashMap<>();
        record.put("resource", resource);
        record.put("data", data);
        return record;
    }

    /** What your program reads from its own database. */
    private static List<Map<String, Object>> records(String school, String year) {
        List<Map<String, Object>> records = new ArrayList<>();
        records.add(record("schools", school, "name", "Trường THCS Hoa Phượng", "level", "2", "schoolType", "07", "ownership", "1",
            "provinceCode", school.substring(0, 2), "communeCode", "10507", "status", "open"));
        records.add(record("classes", school, "schoolYear", year, "classCode", "6A2", "name", "6A2", "grade", "06"));
        String[][] students = {
            {code(school, "01"), "Lê Thu Trang", "2014-07-01", "female"},
            {code(school, "02"), "Vũ Hải Nam", "9/3/2014", "male"},
            {"TAM-" + school + "-01", "Đỗ Bảo Ngọc", "2014-11-03", "female"}, // The sector has not given ten digits yet.
        };
        for (String[] student : students) {
            records.add(record("students", school, "studentCode", student[0], "fullName", student[1], "birthDate", student[2],
                "sex", student[3], "ethnicity", "01"));
            records.add(record("enrollments", school, "schoolYear", year, "studentCode", student[0], "classCode", "6A2",
                "entryDate", "2025-09-05", "entryType", "new"));
        }
        return records;
    }

    private static String code(String school, String number) {
        return "31" + school.substring(2) + number;
    }

    private static final Pattern DAY = Pattern.compile("(\\d{1,2})/(\\d{1,2})/(\\d{4})");

    /** Mends what a program can; the rest is for people. */
    private static boolean mend(PrintStream out, Map<String, Object> record, Map<String, Object> issue) {
        Map<String, Object> data = object(record.get("data"));
        String member = ((String) issue.get("pointer")).replaceFirst("^/", "");
        Matcher day = DAY.matcher(String.valueOf(data.get(member)));
        if (issue.get("code").equals("DT-001") && day.matches()) { // Day, month and year as people write them.
            int number = Integer.parseInt(day.group(1));
            data.put(member, LocalDate.of(Integer.parseInt(day.group(3)), Integer.parseInt(day.group(2)), number).toString());
            return true;
        }
        out.println("  to be mended by hand: " + issue.get("key") + " " + issue.get("message") + " " + issue.get("hint"));
        return false;
    }

    private static String told(Map<String, Object> report) {
        return report.get("result") + " " + report.get("counts");
    }

    public static void main(String[] arguments) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        Map<String, String> given = System.getenv();
        Nightly gateway = new Nightly(given.get("GATEWAY"), given.get("CLIENT_ID"), given.get("CLIENT_SECRET"));
        String school = given.getOrDefault("SCHOOL", "31000501");
        List<Map<String, Object>> records = records(school, "2025-2026");
        Map<String, Object> report = gateway.submit(school, records);
        out.println("sent: " + told(report));

        Set<Integer> mended = new TreeSet<>();
        gateway.items(link(report, "issues"), issue -> {
            int index = ((Double) issue.get("index")).intValue();
            if (issue.get("severity").equals("error") && mend(out, records.get(index), issue)) {
                mended.add(index);
            }
        });
        if (!mended.isEmpty()) {
            out.println("mended: " + told(gateway.submit(school, mended.stream().map(records::get).toList())));
        }

        // The sector has given the student a code: say it once; both codes lead to the same record from then on.
        byte[] official = bytes(Json.write(Map.of("studentCode", code(school, "03"))));
        Map<String, String> json = Map.of("Content-Type", "application/json");
        Answer answer = gateway.call("POST", "/v1/students/TAM-" + school + "-01/identify", official, json, AGAIN);
        out.println("official code: " + (answer.status() == 200 ? object(Json.read(answer.text())).get("studentCode") : answer));

        gateway.items("/v1/students?schoolCode=" + school + "&sort=studentCode&limit=2",
            student -> out.println("stored: " + student.get("studentCode") + " " + student.get("fullName") + " " + student.get("birthDate")));
    }
}
