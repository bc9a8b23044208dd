package dev.weir.server;

/** x. */
public final class Main {
  private Main() {}

  /** x. */
  public static void main(String[] args) throws Exception {
    Signals.install(System.out::println);
    System.out.println("hi");
  }
}
