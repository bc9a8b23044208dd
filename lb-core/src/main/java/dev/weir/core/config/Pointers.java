package dev.weir.core.config;

/** JSON pointers (RFC 6901) as text. */
public final class Pointers {
  private Pointers() {}

  /** The pointer of a member of the value at {@code parent}; the empty pointer is the root. */
  public static String child(String parent, String key) {
    boolean plain = key.indexOf('~') < 0 && key.indexOf('/') < 0;
    return parent + '/' + (plain ? key : key.replace("~", "~0").replace("/", "~1"));
  }

  /** The pointer of an element of the list at {@code parent}. */
  public static String child(String parent, int index) {
    return parent + '/' + index;
  }

  /** The pointer of what contains the value; null for the root. */
  static String parent(String pointer) {
    int slash = pointer.lastIndexOf('/');
    return slash < 0 ? null : pointer.substring(0, slash);
  }
}
