package dev.weir.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The one normal form of paths: a table, and a slow model of the same rule. */
final class PathRulesTest {
  @ParameterizedTest
  @CsvSource({
    "/, /",
    "/a, /a",
    "/a/, /a/",
    "/., /",
    "/./, /",
    "/a/., /a/",
    "/a/./b, /a/b",
    "/a/.., /",
    "/a/../, /",
    "/a/../b, /b",
    "/a/b/../../c, /c",
    "/a//../b, /a/b",
    "/a//b, /a//b",
    "//, //",
    "//a, //a",
    "/.a, /.a",
    "/..a, /..a",
    "/a.., /a..",
    "/..., /...",
    "/a/..;/b, /a/..;/b",
    "/a;x/b, /a;x/b",
    "/a/..%2fb, /a/..%2fb",
    "/%2e, /",
    "/a/%2e%2e/b, /b",
    "/a/.%2E/b, /b",
    "/%41%7a%30%2d%5F%7e, /Az0-_~",
    "/a%2fb, /a%2fb",
    "/a%2Fb, /a%2Fb",
    "/a%3bb, /a%3bb",
    "/a%5cb, /a%5cb",
    "/a%25b, /a%25b",
    "/%252e%252e/, /%252e%252e/",
    "/a%ff, /a%ff",
    "/a%20b, /a%20b",
    "/a%23b, /a%23b",
    "/a%3fb, /a%3fb",
    "/a%0d%0ab, /a%0d%0ab",
  })
  void aPathHasOneNormalForm(String path, String normal) {
    Head head = Heads.request("GET " + path + "?q=/../%2e HTTP/1.1\r\nHost: a\r\n\r\n");
    assertThat(head.fault).isNull();
    assertThat(Heads.path(head)).isEqualTo(normal);
    // It is normal itself.
    Head again = Heads.request("GET " + normal + " HTTP/1.1\r\nHost: a\r\n\r\n");
    assertThat(again.normalPath).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/..",
        "/../",
        "/../a",
        "/a/../..",
        "/a/../../b",
        "/%2e%2e",
        "/.%2e/",
        "/%2E./a",
        "/%00",
        "/a%00b",
        "/a/%00",
        "/./..",
        "/a/./../.."
      })
  void aPathThatLeavesTheRootOrHoldsANulIsRefused(String path) {
    assertThat(Heads.request("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n").fault)
        .isEqualTo(Fault.BAD_PATH);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/%",
        "/%2",
        "/%g0",
        "/%0g",
        "/a%",
        "/a%4",
        "/%%41",
        "/\\",
        "/a\\..\\b",
        "/#",
        "/a#b",
        "a",
        "..",
        "%2f",
        "?",
        ";/",
        "\\",
        "*a",
        "*?",
        "http:/a",
        "http//a",
        "ftp://a/",
        "//a@b:c"
      })
  void whatIsNoPathIsRefused(String target) {
    Fault fault = Heads.request("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n").fault;
    if (target.startsWith("//")) {
      assertThat(fault).as("no authority without a scheme").isNull();
    } else {
      assertThat(fault).isEqualTo(Fault.BAD_TARGET);
    }
  }

  @Test
  void itAgreesWithTheModel() {
    SplittableRandom random = new SplittableRandom(17);
    String[] parts = {
      "/", "/", "/", ".", ".", "..", "a", ";", "%2e", "%2E", "%2f", "%41", "%00", "%"
    };
    int refused = 0;
    for (int round = 0; round < 50_000; round++) {
      StringBuilder path = new StringBuilder("/");
      for (int n = random.nextInt(9); n > 0; n--) {
        path.append(parts[random.nextInt(parts.length)]);
      }
      Head head = Heads.request("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
      String model = model(path.toString());
      assertThat(head.fault == null ? Heads.path(head) : null).as("%s", path).isEqualTo(model);
      refused += model == null ? 1 : 0;
    }
    assertThat(refused).isBetween(5_000, 45_000);
  }

  /** Section 5.2.4 of RFC 3986 segment by segment, after decoding what need not be encoded. */
  static String model(String path) {
    StringBuilder decoded = new StringBuilder();
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c != '%') {
        decoded.append(c);
        continue;
      }
      String hex = path.substring(i + 1, Math.min(path.length(), i + 3));
      if (!hex.matches("[0-9A-Fa-f]{2}") || hex.equals("00")) {
        return null;
      }
      char meant = (char) Integer.parseInt(hex, 16);
      decoded.append(String.valueOf(meant).matches("[A-Za-z0-9._~-]") ? meant : "%" + hex);
      i += 2;
    }
    Deque<String> kept = new ArrayDeque<>();
    String[] segments = decoded.substring(1).split("/", -1);
    for (int i = 0; i < segments.length; i++) {
      boolean last = i == segments.length - 1;
      if (segments[i].equals("..")) {
        if (kept.pollLast() == null) {
          return null;
        }
      } else if (!segments[i].equals(".")) {
        kept.addLast(segments[i]);
        continue;
      }
      if (last) {
        kept.addLast("");
      }
    }
    return "/" + String.join("/", kept);
  }
}
