package dev.weir.core.config;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Keeps callers of the API from reading the environment and the files of this machine: a reference
 * may stay where it is, but only the configuration file may bring one in.
 */
public final class References {
  private static final String FILE = "file:";

  private References() {}

  /** Whether the text names a file whose content is meant. */
  static boolean isFile(String text) {
    return text.startsWith(FILE);
  }

  /** The path in a text that names a file. */
  static String path(String text) {
    return text.substring(FILE.length());
  }

  /**
   * References that {@code after} has and {@code before} does not have at the same place.
   *
   * @return one problem for each, by path
   */
  public static List<Problem> introduced(Document before, Document after) {
    List<Problem> found = new ArrayList<>();
    look("", before.tree(), after.tree(), found);
    return found;
  }

  private static void look(String path, JsonNode before, JsonNode after, List<Problem> found) {
    if (after.equals(before) || found.size() >= Problems.LIMIT) {
      return;
    }
    if (after.isObject()) {
      after
          .properties()
          .forEach(
              member -> {
                JsonNode was =
                    before != null && before.isObject() ? before.get(member.getKey()) : null;
                look(Pointers.child(path, member.getKey()), was, member.getValue(), found);
              });
    } else if (after.isArray()) {
      for (int i = 0; i < after.size(); i++) {
        JsonNode was = before != null && before.isArray() ? before.get(i) : null;
        look(Pointers.child(path, i), was, after.get(i), found);
      }
    } else if (after.isString()) {
      String text = after.stringValue();
      if (EnvText.refers(text) || isFile(text)) {
        found.add(
            Problem.at(
                path,
                Quote.text(text)
                    + " refers to the environment or to a file; only the configuration file may do"
                    + " that"));
      }
    }
  }
}
