package dev.weir.core.config;

import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Says what is wrong with a text that is not YAML. */
final class YamlFailures {
  private YamlFailures() {}

  /** The line of a failure that has no mark. */
  static int line(YamlEngineException e, String text) {
    if (!(e instanceof ReaderException reader)) {
      return 1;
    }
    int end = Math.min(reader.getPosition(), text.codePointCount(0, text.length()));
    return 1 + (int) text.codePoints().limit(end).filter(c -> c == '\n').count();
  }

  static String sentence(YamlEngineException e) {
    if (e instanceof ReaderException reader) {
      return "not valid YAML: the character U+"
          + String.format("%04X", reader.getCodePoint())
          + " is not allowed";
    }
    if (e instanceof MarkedYamlEngineException marked) {
      return "not valid YAML: " + sentence(marked);
    }
    return "not valid YAML: " + Quote.bare(String.valueOf(e.getMessage()));
  }

  private static String sentence(MarkedYamlEngineException e) {
    String problem = String.valueOf(e.getProblem());
    if (problem.contains("'\\t(TAB)'") || problem.contains("TAB")) {
      return "indent with spaces, not with tabs";
    }
    if (problem.contains("mapping values are not allowed here")) {
      return "a ': ' where no key can be; check the indentation, or put the text in quotes";
    }
    if (problem.contains("could not find expected ':'")) {
      return "a key without ':'" + context(e);
    }
    if (problem.contains("expected <block end>")) {
      return "the indentation does not fit" + context(e);
    }
    return Quote.bare(problem) + context(e);
  }

  /** Where the thing began that is wrong, when that is another line. */
  private static String context(MarkedYamlEngineException e) {
    int line = e.getProblemMark().map(mark -> mark.getLine()).orElse(0);
    int began = e.getContextMark().map(mark -> mark.getLine()).orElse(line);
    return began == line ? "" : "; what is read here began in line " + (began + 1);
  }
}
