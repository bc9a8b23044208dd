package dev.weir.core.config;

import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Turns a document into the typed configuration: resolves references, checks everything, binds. All
 * problems are reported at once, with file, line and JSON pointer. Used by the runtime and the
 * command line; any thread, but blocks when values are kept in files.
 */
public final class ConfigBinder {
  private final Function<String, String> environment;
  private final ConfigSchema schema = new ConfigSchema();
  private final SchemaCheck check = new SchemaCheck(schema);
  private final RecordMapper mapper = new RecordMapper();

  /**
   * A binder.
   *
   * @param environment values of environment variables, null for one that is not set
   */
  public ConfigBinder(Function<String, String> environment) {
    this.environment = environment;
  }

  /** A binder with the environment of this process. */
  public static ConfigBinder ofProcess() {
    return new ConfigBinder(System::getenv);
  }

  /**
   * Checks and binds.
   *
   * @throws ConfigException with everything that is wrong
   */
  public LbConfig bind(Document document) throws ConfigException {
    Problems problems = new Problems();
    JsonNode tree = document.tree();
    if (CountCheck.check(tree, problems)) {
      Resolver resolver = new Resolver(schema, environment, problems);
      JsonNode resolved = resolver.resolve(tree);
      Shown shown = new Shown(tree, resolved, resolver);
      check.check(resolved, shown, problems);
      new FormCheck(schema, shown, problems).check("", resolved, schema.tree());
      new CrossCheck(resolved, shown, problems).check();
      if (problems.isEmpty()) {
        return typed(document, resolved);
      }
    }
    throw new ConfigException(problems.located(document));
  }

  /**
   * Checks and binds a tree of which most is known to be right: only pools and backends that differ
   * are looked at, if nothing else does. References that stand in the rest are not resolved again.
   *
   * @param before the tree that {@code bound} was bound from
   * @throws ConfigException with everything that is wrong
   */
  public LbConfig rebind(JsonNode tree, JsonNode before, LbConfig bound) throws ConfigException {
    Problems counted = new Problems();
    Rebind rebind = new Rebind(before, tree);
    JsonNode difference = CountCheck.check(tree, counted) ? rebind.difference() : null;
    return difference == null
        ? bind(Document.of(tree))
        : rebind.merge(bound, bind(Document.of(difference)));
  }

  private LbConfig typed(Document document, JsonNode resolved) throws ConfigException {
    try {
      return mapper.bind(resolved);
    } catch (JacksonException e) {
      Problems problems = new Problems();
      problems.add(RecordMapper.path(e), "cannot be understood here");
      throw new ConfigException(problems.located(document));
    }
  }
}
