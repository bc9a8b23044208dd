package dev.weir.http;

import dev.weir.core.config.RouteConfig;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Finds what is wrong with the actions of a route. Made for one check of one listener. */
final class ActionChecks {
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

  private final RouteChecks checks;

  ActionChecks(RouteChecks checks) {
    this.checks = checks;
  }

  void check(String path, RouteConfig route) {
    Map<String, Integer> captured = captured(route);
    if (!route.split().isEmpty()) {
      checks.sentence(path + "/splitBy", () -> new Split(route.splitBy(), route.split(), Map.of()));
    }
    if (route.redirect() != null) {
      redirect(path + "/redirect", route.redirect(), captured);
    }
    if (route.respond() != null) {
      respond(path + "/respond", route.respond());
    }
    if (route.rewrite() != null) {
      rewrite(path + "/rewrite", route, captured);
    }
    headers(path + "/requestHeaders", route.requestHeaders(), captured, true);
    headers(path + "/responseHeaders", route.responseHeaders(), captured, false);
  }

  /** The variables of the route's path; none when it is wrong itself. */
  private static Map<String, Integer> captured(RouteConfig route) {
    try {
      Path path = route.match() == null ? null : Path.of(route.match().path());
      return path == null ? Map.of() : path.variables();
    } catch (IllegalArgumentException reported) {
      return Map.of();
    }
  }

  private void redirect(String path, RouteConfig.Redirect redirect, Map<String, Integer> captured) {
    if (!REDIRECTS.contains(redirect.status())) {
      checks.wrong(path + "/status", "must be 301, 302, 303, 307 or 308, is " + redirect.status());
    }
    host(path + "/host", redirect.host(), captured);
    target(path + "/path", redirect.path(), captured, true);
    target(path + "/query", redirect.query(), captured, false);
  }

  private void respond(String path, RouteConfig.Respond respond) {
    int status = respond.status();
    if ((status == 204 || status == 304) && respond.body() != null && !respond.body().isEmpty()) {
      checks.wrong(path + "/body", "an answer " + status + " has no body");
    }
    respond.headers().keySet().forEach(name -> name(path + "/headers", name, false));
  }

  private void rewrite(String path, RouteConfig route, Map<String, Integer> captured) {
    RouteConfig.Rewrite rewrite = route.rewrite();
    boolean prefixed =
        route.match() != null
            && route.match().path() != null
            && route.match().path().prefix() != null;
    if (rewrite.prefix() != null) {
      if (!prefixed) {
        checks.wrong(path + "/prefix", "needs a route that matches a prefix of the path");
      }
      target(
          path + "/prefix", rewrite.prefix().replace("{", "{{").replace("}", "}}"), captured, true);
    }
    target(path + "/path", rewrite.path(), captured, true);
    host(path + "/host", rewrite.host(), captured);
    if (rewrite.regex() != null && rewrite.with() != null) {
      checks.sentence(
          path + "/regex",
          () -> {
            Map<String, Integer> groups = Path.groups(Regex.compile(rewrite.regex()));
            checks.sentence(
                path + "/with", () -> literals(Template.of(rewrite.with(), groups).literals()));
          });
    }
  }

  private void target(String at, String text, Map<String, Integer> captured, boolean path) {
    if (text == null) {
      return;
    }
    checks.sentence(
        at,
        () -> {
          Template template = Template.of(text, captured);
          if (path) {
            literals(template.literals());
            boolean rooted = template.beginning().startsWith("/");
            if (!rooted && !(template.beginning().isEmpty() && template.hasVariables())) {
              throw new IllegalArgumentException("must begin with / or with a variable");
            }
            if (!template.hasVariables()
                && PathRules.checked(Chars.bytes(template.literals())) == null) {
              throw new IllegalArgumentException("is a path that is always refused");
            }
          } else {
            characters(template.literals(), Chars.TARGET, "");
          }
        });
  }

  private static void literals(String text) {
    characters(text, Chars.TARGET, "?");
  }

  private void host(String at, String text, Map<String, Integer> captured) {
    if (text == null) {
      return;
    }
    checks.sentence(
        at,
        () -> {
          Template template = Template.of(text, captured);
          byte[] literals = Chars.bytes(template.literals());
          boolean fixed = !template.hasVariables();
          if (fixed ? !Rewrite.isHost(literals) : !Rewrite.isPartOfHost(literals)) {
            throw new IllegalArgumentException(
                "must be a host name or address, with or without a port");
          }
        });
  }

  private static void characters(String text, byte kind, String without) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x80 || !Chars.is((byte) c, kind) || without.indexOf(c) >= 0) {
        throw new IllegalArgumentException(
            "holds a character that cannot stand there: "
                + (c > ' ' && c < 0x7f
                    ? "'" + c + "'"
                    : String.format(Locale.ROOT, "U+%04X", (int) c)));
      }
    }
  }

  private void headers(
      String path, RouteConfig.Headers headers, Map<String, Integer> captured, boolean request) {
    if (headers == null) {
      return;
    }
    values(path + "/set", headers.set(), captured, request);
    values(path + "/add", headers.add(), captured, request);
    for (int i = 0; i < headers.remove().size(); i++) {
      String wrong = FieldNames.wrong(headers.remove().get(i), request);
      if (wrong != null) {
        checks.wrong(path + "/remove/" + i, wrong);
      }
    }
  }

  private void values(
      String path, Map<String, String> fields, Map<String, Integer> captured, boolean request) {
    fields.forEach(
        (name, value) -> {
          name(path, name, request);
          checks.sentence(path + "/" + name, () -> Template.of(value, captured));
        });
  }

  private void name(String path, String name, boolean request) {
    String wrong = FieldNames.wrong(name, request);
    if (wrong != null) {
      checks.wrong(path + "/" + name, wrong);
    }
  }
}
