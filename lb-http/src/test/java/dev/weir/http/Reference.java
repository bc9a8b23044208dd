package dev.weir.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a client's bytes mean: a parser of HTTP/1.1 requests that is slow and plain, written from
 * the rules and not from our engine. It works on the whole input as text, one char for each byte.
 * Written for tests, which hold the engine and other parsers against it.
 */
final class Reference {
  /** A request that is passed on: the target in its normal form. */
  record Request(String method, String target, String body) {}

  private static final String TOKEN = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]+";
  private static final String VALUE = "[\\t\\x20-\\x7e\\x80-\\xff]*";
  private static final Pattern LINE =
      Pattern.compile("(" + TOKEN + ") ([\\x21\\x22\\x24-\\x5b\\x5d-\\x7e]+) HTTP/1\\.([0-9])");
  private static final Pattern FIELD = Pattern.compile("(" + TOKEN + "):(" + VALUE + ")");
  private static final Pattern ABSOLUTE = Pattern.compile("(?i:https?)://([^/?]*)(.*)");
  private static final Pattern NAME =
      Pattern.compile("(?:[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+(:[0-9]{0,5})?");
  private static final Pattern LITERAL = Pattern.compile("(\\[[0-9A-Fa-f:.]+\\])(:[0-9]{0,5})?");
  private static final Pattern CHUNK =
      Pattern.compile("([0-9A-Fa-f]{1,15})(?:([ \\t]*);(" + VALUE + "))?");
  private static final int MAX_LINE = 8192;
  private static final int MAX_HEAD = 32768;
  private static final int MAX_FIELDS = 100;
  private static final int MAX_EXTENSION = 256;

  private final String input;
  private final List<Request> requests = new ArrayList<>();
  private int at;

  private Reference(String input) {
    this.input = input;
  }

  /** All complete requests that are passed on, up to the first that must be refused. */
  static List<Request> requests(String input) {
    Reference reference = new Reference(input);
    boolean more = true;
    while (more) {
      more = reference.request();
    }
    return reference.requests;
  }

  /** Reads one request; false when nothing may be read behind it. */
  private boolean request() {
    int from = at;
    if (input.startsWith("\r\n", at)) {
      at += 2;
    }
    int end = input.indexOf("\r\n\r\n", at);
    if (end < 0 || end + 4 - from > MAX_HEAD) {
      return false;
    }
    String[] lines = input.substring(at, end).split("\r\n", -1);
    at = end + 4;
    Matcher line = LINE.matcher(lines[0]);
    if (lines[0].length() > MAX_LINE || lines.length - 1 > MAX_FIELDS || !line.matches()) {
      return false;
    }
    List<String[]> fields = new ArrayList<>();
    for (int i = 1; i < lines.length; i++) {
      Matcher field = FIELD.matcher(lines[i]);
      if (!field.matches()) {
        return false;
      }
      fields.add(new String[] {field.group(1).toLowerCase(Locale.ROOT), trim(field.group(2))});
    }
    String method = line.group(1);
    boolean old = line.group(3).equals("0");
    String target = target(method, line.group(2));
    if (target == null || !hostsAreFine(fields, old) || !expectationIsFine(fields, old)) {
      return false;
    }
    List<String> connection = list(fields, "connection");
    if (!connection.stream().allMatch(word -> word.isEmpty() || word.matches(TOKEN))) {
      return false;
    }
    String body = body(fields, old);
    if (body == null) {
      return false;
    }
    if (wentAsFarAsItMay(method, fields)) {
      // Answered by the proxy, which does not wait for a body.
      if (!values(fields, "transfer-encoding").isEmpty() || !body.isEmpty()) {
        return false;
      }
    } else {
      requests.add(new Request(method, target, body));
    }
    return !connection.contains("close") && (!old || connection.contains("keep-alive"));
  }

  // ---- the target

  /** The target as it is passed on; null when it must be refused. */
  private static String target(String method, String text) {
    if (method.equals("CONNECT") || method.equals("TRACE")) {
      return null;
    }
    if (text.equals("*")) {
      return method.equals("OPTIONS") ? "*" : null;
    }
    String rest = text;
    if (!text.startsWith("/")) {
      Matcher absolute = ABSOLUTE.matcher(text);
      if (!absolute.matches() || !host(absolute.group(1))) {
        return null;
      }
      rest = absolute.group(2);
      if (rest.isEmpty() && method.equals("OPTIONS")) {
        return "*";
      }
      rest = rest.startsWith("/") ? rest : "/" + rest;
    }
    int question = rest.indexOf('?');
    String path = question < 0 ? rest : rest.substring(0, question);
    String normal = PathRulesTest.model(path);
    return normal == null ? null : normal + rest.substring(path.length());
  }

  private static boolean hostsAreFine(List<String[]> fields, boolean old) {
    List<String> hosts = values(fields, "host");
    return hosts.isEmpty() ? old : hosts.size() == 1 && host(hosts.get(0));
  }

  static boolean host(String text) {
    Matcher matcher = text.startsWith("[") ? LITERAL.matcher(text) : NAME.matcher(text);
    if (!matcher.matches()) {
      return false;
    }
    String port = matcher.group(matcher.groupCount());
    if (port != null && port.length() > 1 && Integer.parseInt(port.substring(1)) > 65535) {
      return false;
    }
    return !text.startsWith("[") || literal(matcher.group(1));
  }

  /** An address in brackets is never looked up. */
  private static boolean literal(String bracketed) {
    try {
      return InetAddress.getByName(bracketed) != null;
    } catch (UnknownHostException none) {
      return false;
    }
  }

  // ---- fields

  private static boolean expectationIsFine(List<String[]> fields, boolean old) {
    return old
        || values(fields, "expect").stream().allMatch(v -> v.equalsIgnoreCase("100-continue"));
  }

  private static boolean wentAsFarAsItMay(String method, List<String[]> fields) {
    return method.equals("OPTIONS")
        && values(fields, "max-forwards").stream().anyMatch(v -> v.matches("0{1,5}"));
  }

  private static List<String> values(List<String[]> fields, String name) {
    return fields.stream().filter(f -> f[0].equals(name)).map(f -> f[1]).toList();
  }

  /** The elements of a list field over all its lines, in lower case. */
  private static List<String> list(List<String[]> fields, String name) {
    List<String> all = new ArrayList<>();
    for (String value : values(fields, name)) {
      for (String element : value.split(",", -1)) {
        all.add(trim(element).toLowerCase(Locale.ROOT));
      }
    }
    return all;
  }

  private static String trim(String text) {
    return text.replaceAll("^[ \\t]+|[ \\t]+\\z", "");
  }

  // ---- the body

  /** The body; null when it is incomplete or must be refused. */
  private String body(List<String[]> fields, boolean old) {
    List<String> lengths = values(fields, "content-length");
    List<String> encodings = values(fields, "transfer-encoding");
    if (!encodings.isEmpty()) {
      // A comma behind chunked is an empty element, which lists may have.
      boolean chunked =
          encodings.size() == 1
              && encodings.get(0).toLowerCase(Locale.ROOT).matches("chunked[ \\t]*(,[ \\t]*)?");
      return chunked && lengths.isEmpty() && !old ? chunks() : null;
    }
    if (lengths.isEmpty()) {
      return "";
    }
    if (!lengths.stream().allMatch(l -> l.matches("[0-9]{1,18}"))
        || lengths.stream().map(Long::valueOf).distinct().count() > 1) {
      return null;
    }
    return take(Long.parseLong(lengths.get(0)));
  }

  private String take(long length) {
    if (length > input.length() - at) {
      return null;
    }
    at += (int) length;
    return input.substring(at - (int) length, at);
  }

  /** The next line without its end; null when there is none. */
  private String line() {
    int end = input.indexOf("\r\n", at);
    if (end < 0) {
      return null;
    }
    String line = input.substring(at, end);
    at = end + 2;
    return line;
  }

  private String chunks() {
    StringBuilder body = new StringBuilder();
    while (true) {
      String line = line();
      Matcher chunk = line == null ? null : CHUNK.matcher(line);
      if (chunk == null || !chunk.matches()) {
        return null;
      }
      if (chunk.group(3) != null
          && chunk.group(2).length() + chunk.group(3).length() > MAX_EXTENSION) {
        return null;
      }
      long size = Long.parseLong(chunk.group(1), 16);
      if (size == 0) {
        return trailers() ? body.toString() : null;
      }
      String data = take(size);
      if (data == null || !"".equals(line())) {
        return null;
      }
      body.append(data);
    }
  }

  private boolean trailers() {
    for (String line = line(); line != null; line = line()) {
      if (line.isEmpty()) {
        return true;
      }
      if (!FIELD.matcher(line).matches()) {
        return false;
      }
    }
    return false;
  }
}
