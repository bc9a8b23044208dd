package dev.weir.http;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.weir.core.config.RouteConfig;
import java.util.Arrays;
import java.util.Map;

/**
 * How a request changes on its way to the backend: its path, its Host, or both. What comes out is
 * checked by the rules for paths and hosts that come in. Immutable.
 */
final class Rewrite {
  private static final int LONGEST = 64 * 1024;

  private final byte[] prefix;
  private final Template path;
  private final Pattern regex;
  private final Template with;
  private final Template host;

  /** As configured. */
  Rewrite(RouteConfig.Rewrite rewrite, Map<String, Integer> captured) {
    prefix = rewrite.prefix() == null ? null : Chars.bytes(rewrite.prefix());
    path = rewrite.path() == null ? null : Template.of(rewrite.path(), captured);
    regex = rewrite.regex() == null ? null : Regex.compile(rewrite.regex());
    with = regex == null ? null : Template.of(rewrite.with(), Path.groups(regex));
    host = rewrite.host() == null ? null : Template.of(rewrite.host(), captured);
  }

  /** Changes the request; false when what comes out is no path or no host. */
  boolean apply(Head head, Variables values, HeadWriter scratch) {
    scratch.clear();
    if (prefix != null) {
      joined(values, scratch);
    } else if (path != null) {
      path.write(values, scratch);
    } else if (regex != null && !replaced(values, scratch)) {
      return false;
    }
    if (prefix != null || path != null || regex != null) {
      byte[] normal = head.asterisk ? null : PathRules.checked(bytes(scratch));
      if (normal == null) {
        return false;
      }
      head.normalPath = normal;
    }
    return host == null || rewriteHost(head, values, scratch);
  }

  /** The new prefix and the rest, with exactly one slash between them. */
  private void joined(Variables values, HeadWriter out) {
    byte[] from = values.pathArray();
    int rest = values.restStart();
    boolean slash = prefix[prefix.length - 1] == '/';
    boolean more = rest < values.pathTo();
    if (more && slash && from[rest] == '/') {
      rest++;
    }
    out.add(prefix);
    if (more && !slash && from[rest] != '/') {
      out.add('/');
    }
    out.add(from, rest, values.pathTo());
  }

  private boolean replaced(Variables values, HeadWriter out) {
    byte[] from = Arrays.copyOfRange(values.pathArray(), values.pathFrom(), values.pathTo());
    Matcher matcher = regex.matcher(from);
    int at = 0;
    while (matcher.find()) {
      out.add(from, at, matcher.start());
      with.write(values.with(from, Path.groups(matcher, 0)), out);
      at = matcher.end();
      if (out.length() > LONGEST) {
        return false;
      }
    }
    out.add(from, at, from.length);
    return true;
  }

  private boolean rewriteHost(Head head, Variables values, HeadWriter scratch) {
    scratch.clear();
    host.write(values, scratch);
    byte[] written = bytes(scratch);
    if (!isHost(written)) {
      return false;
    }
    head.rewrittenHost = written;
    return true;
  }

  /** A name or an address, with or without a port; stricter than what clients may send. */
  static boolean isHost(byte[] bytes) {
    return isPartOfHost(bytes) && FieldRules.validHost(bytes, 0, bytes.length);
  }

  /** Whether a host may hold these bytes. */
  static boolean isPartOfHost(byte[] bytes) {
    for (byte b : bytes) {
      if (!Chars.is(b, Chars.UNRESERVED) && b != ':' && b != '[' && b != ']') {
        return false;
      }
    }
    return true;
  }

  static byte[] bytes(HeadWriter scratch) {
    return Arrays.copyOf(scratch.array(), scratch.length());
  }
}
