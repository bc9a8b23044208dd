package dev.weir.admin.api;

import dev.weir.core.runtime.Edit;
import io.vertx.ext.web.RoutingContext;

/**
 * What a write is about.
 *
 * @param pool null: the whole configuration
 * @param backend null: the whole pool
 * @param name as a plan names it
 * @param pointer where what was sent stands in the configuration, as a JSON pointer; null when
 *     nothing was sent
 */
record Target(String pool, String backend, String name, String pointer) {
  /** The whole configuration, as sent. */
  static final Target ALL = new Target(null, null, "", "");

  /** The whole configuration, as the file has it. */
  static final Target FILE = new Target(null, null, "", null);

  /** The pool in the path of a request. */
  static Target ofPool(RoutingContext context) {
    String pool = context.pathParam("pool");
    return new Target(pool, null, "pools/" + pool, "/pools/" + escaped(pool));
  }

  /** The backend in the path of a request. */
  static Target ofBackend(RoutingContext context) {
    Target of = ofPool(context);
    String backend = context.pathParam("backend");
    return new Target(
        of.pool,
        backend,
        of.name + "/backends/" + backend,
        of.pointer + "/backends/" + escaped(backend));
  }

  private static String escaped(String name) {
    return name.replace("~", "~0").replace("/", "~1");
  }

  /** The edit, refused when the target is there already. */
  Edit unlessThere(Edit edit) {
    return before -> {
      if (!before.at(pointer).isMissingNode()) {
        throw new Edit.Refused(Edit.Refused.Kind.CONFLICT, name + " exists already");
      }
      return edit.apply(before);
    };
  }
}
