import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Just enough JSON for the sample, for Java brings none: use the library that you know (Jackson, Gson) instead. */
final class Json {
    private final String text;
    private int at;

    private Json(String text) {
        this.text = text;
    }

    /** Objects as maps, arrays as lists, numbers as doubles, and texts, booleans and null as themselves. */
    static Object read(String text) {
        Json json = new Json(text);
        Object value = json.value();
        if (json.peek() != '\0') {
            throw json.fault();
        }
        return value;
    }

    /** The value as JSON; numbers are written as they print. */
    static String write(Object value) {
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream().map(entry -> write(entry.getKey()) + ":" + write(entry.getValue()))
                .collect(Collectors.joining(",", "{", "}"));
        }
        if (value instanceof List<?> list) {
            return list.stream().map(Json::write).collect(Collectors.joining(",", "[", "]"));
        }
        return value instanceof String words ? quoted(words) : String.valueOf(value);
    }

    private static String quoted(String words) {
        StringBuilder quoted = new StringBuilder("\"");
        for (char letter : words.toCharArray()) {
            if (letter == '"' || letter == '\\') {
                quoted.append('\\').append(letter);
            } else if (letter < ' ') {
                quoted.append(String.format("\\u%04x", (int) letter));
            } else {
                quoted.append(letter);
            }
        }
        return quoted.append('"').toString();
    }

    private Object value() {
        switch (peek()) {
            case '{':
                Map<String, Object> map = new LinkedHashMap<>();
                for (at++; !ends('}'); skip(',')) {
                    String name = (String) value();
                    skip(':');
                    map.put(name, value());
                }
                return map;
            case '[':
                List<Object> list = new ArrayList<>();
                for (at++; !ends(']'); skip(',')) {
                    list.add(value());
                }
                return list;
            case '"':
                return string();
            default:
                int start = at;
                while (at < text.length() && "}],: \r\n\t".indexOf(text.charAt(at)) < 0) {
                    at++;
                }
                String word = text.substring(start, at);
                return word.equals("null") ? null : word.equals("true") || word.equals("false") ? (Object) word.equals("true") : Double.valueOf(word);
        }
    }

    private String string() {
        StringBuilder words = new StringBuilder();
        for (at++; text.charAt(at) != '"'; at++) {
            char letter = text.charAt(at);
            if (letter == '\\') {
                letter = text.charAt(++at);
                int known = "bfnrt".indexOf(letter);
                if (known >= 0) {
                    letter = "\b\f\n\r\t".charAt(known);
                } else if (letter == 'u') {
                    letter = (char) Integer.parseInt(text.substring(at + 1, at + 5), 16);
                    at += 4;
                }
            }
            words.append(letter);
        }
        at++;
        return words.toString();
    }

    private char peek() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at < text.length() ? text.charAt(at) : '\0';
    }

    /** Takes this sign where it stands; a comma may be left out, for another sign follows that says so. */
    private void skip(char sign) {
        if (peek() == sign) {
            at++;
        }
    }

    private boolean ends(char sign) {
        boolean ends = peek() == sign;
        if (ends) {
            at++;
        } else if (at >= text.length()) {
            throw fault();
        }
        return ends;
    }

    private IllegalArgumentException fault() {
        return new IllegalArgumentException("not JSON at " + at);
    }
}
