package dev.weir.core.runtime;

import tools.jackson.databind.JsonNode;

/** A change to the configuration, as a function from the tree before to the tree after. */
@FunctionalInterface
public interface Edit {
  /**
   * The tree after the change. The tree before must not be modified. Called on the runtime's
   * worker; edits are applied one after the other, so none is lost.
   *
   * @throws Refused when the change makes no sense for this tree, such as an unknown name
   */
  JsonNode apply(JsonNode before) throws Refused;

  /** Why an edit does not apply. */
  final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    private final Kind kind;

    /** A refusal with a sentence for the caller. */
    public Refused(Kind kind, String message) {
      super(message);
      this.kind = kind;
    }

    /** What kind of refusal. */
    public Kind kind() {
      return kind;
    }

    /** Kinds of refusal. */
    public enum Kind {
      /** What is to be changed does not exist. */
      NOT_FOUND,
      /** It exists already, or is in use. */
      CONFLICT
    }
  }
}
