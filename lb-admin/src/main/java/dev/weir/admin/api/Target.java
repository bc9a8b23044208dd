package dev.weir.admin.api;

/**
 * What a write is about.
 *
 * @param name as a plan names it
 * @param pointer where what was sent stands in the configuration, as a JSON pointer; null when
 *     nothing was sent
 */
record Target(String name, String pointer) {
  /** The whole configuration, as sent. */
  static final Target ALL = new Target("", "");

  /** The whole configuration, as the file has it. */
  static final Target FILE = new Target("", null);

  static Target pool(String pool) {
    return new Target("pools/" + pool, "/pools/" + escaped(pool));
  }

  static Target backend(String pool, String backend) {
    return new Target(
        "pools/" + pool + "/backends/" + backend,
        "/pools/" + escaped(pool) + "/backends/" + escaped(backend));
  }

  private static String escaped(String name) {
    return name.replace("~", "~0").replace("/", "~1");
  }
}
