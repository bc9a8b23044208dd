package dev.weir.http;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.weir.core.config.MatchConfig;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A condition on a path in its normal form: the whole of it, a prefix, segments with variables, or
 * a regular expression. Immutable; asked on every event loop, without allocating except for regular
 * expressions.
 */
final class Path {
  /** What follows a prefix, as a variable. */
  static final String REST = "rest";

  private enum Kind {
    EXACT,
    PREFIX,
    PATTERN,
    REGEX
  }

  private final Kind kind;
  private final byte[] text;
  private final Segments segments;
  private final Pattern regex;

  private Path(Kind kind, byte[] text, Segments segments, Pattern regex) {
    this.kind = kind;
    this.text = text;
    this.segments = segments;
    this.regex = regex;
  }

  /**
   * As configured; null for null.
   *
   * @throws IllegalArgumentException with a sentence that says what is wrong
   */
  static Path of(MatchConfig.Path path) {
    if (path == null) {
      return null;
    }
    if (path.exact() != null) {
      return new Path(Kind.EXACT, Chars.bytes(path.exact()), null, null);
    }
    if (path.prefix() != null) {
      return new Path(Kind.PREFIX, Chars.bytes(path.prefix()), null, null);
    }
    if (path.pattern() != null) {
      return new Path(Kind.PATTERN, null, Segments.of(path.pattern()), null);
    }
    return new Path(Kind.REGEX, null, null, Regex.compile(path.regex()));
  }

  /** The same condition on a path whose percent-encodings are decoded. */
  Path decoded() {
    return switch (kind) {
      case EXACT, PREFIX -> new Path(kind, PathViews.decode(text), null, null);
      case PATTERN -> new Path(kind, null, segments.decoded(), null);
      case REGEX -> this;
    };
  }

  boolean matches(byte[] bytes, int from, int to) {
    // The most frequent one first, and no table of cases: this is asked for every request.
    if (kind == Kind.PREFIX) {
      return begins(bytes, from, to);
    }
    if (kind == Kind.EXACT) {
      return Chars.equalsExact(bytes, from, to, text);
    }
    return kind == Kind.PATTERN
        ? segments.match(bytes, from, to, null)
        : regex.matches(Arrays.copyOfRange(bytes, from, to));
  }

  /** A prefix ends at a slash of its own or at one of the path's. */
  private boolean begins(byte[] bytes, int from, int to) {
    int length = text.length;
    if (to - from < length || !Chars.equalsExact(bytes, from, from + length, text)) {
      return false;
    }
    return to - from == length || text[length - 1] == '/' || bytes[from + length] == '/';
  }

  /** The variables that it captures, by name; each has its place. */
  Map<String, Integer> variables() {
    return switch (kind) {
      case EXACT -> Map.of();
      case PREFIX -> Map.of(REST, 0);
      case PATTERN -> segments.variables();
      case REGEX -> groups(regex);
    };
  }

  /** Names and numbers of the groups of an expression; the place of a group is its number. */
  static Map<String, Integer> groups(Pattern regex) {
    Map<String, Integer> groups = new LinkedHashMap<>();
    for (int i = 0; i <= regex.groupCount(); i++) {
      groups.put(Integer.toString(i), i);
    }
    groups.putAll(regex.namedGroups());
    return groups;
  }

  /**
   * Where the variables of a path that matches stand in it: the begin of each at twice its place,
   * the end behind it; -1 for one that took no part.
   */
  int[] capture(byte[] bytes, int from, int to) {
    switch (kind) {
      case PREFIX -> {
        return new int[] {from + text.length, to};
      }
      case PATTERN -> {
        int[] found = new int[segments.variables().size() * 2];
        segments.match(bytes, from, to, found);
        return found;
      }
      case REGEX -> {
        Matcher matcher = regex.matcher(Arrays.copyOfRange(bytes, from, to));
        return matcher.matches() ? groups(matcher, from) : new int[0];
      }
      default -> {
        return new int[0];
      }
    }
  }

  /** Where the groups of the last match stand, counted from {@code offset}. */
  static int[] groups(Matcher matcher, int offset) {
    int[] found = new int[(matcher.groupCount() + 1) * 2];
    for (int i = 0; i < found.length / 2; i++) {
      int start = matcher.start(i);
      found[2 * i] = start < 0 ? -1 : offset + start;
      found[2 * i + 1] = start < 0 ? -1 : offset + matcher.end(i);
    }
    return found;
  }

  @Override
  public String toString() {
    return kind + " " + (text == null ? "" : new String(text, StandardCharsets.ISO_8859_1));
  }
}
