package dev.weir.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * Thousands of requests of many clients over shared connections to backends that answer in every
 * way there is, with bytes too many among them: each client gets the answer to its own request.
 */
final class CrossedAnswersTest {
  private static final int CLIENTS = 16;
  private static final int REQUESTS = Integer.getInteger("crossed.requests", 10_000);
  private static final String POISON =
      "HTTP/1.1 200 OK\r\nX-Tag: poison\r\nContent-Length: 6\r\n\r\npoison";

  /** How a request is sent, and how it is to be answered; the backend reads the second. */
  private static final String[] MANNERS = {
    "GET plain",
    "GET plain",
    "GET chunked",
    "GET hints",
    "GET surplus",
    "GET close",
    "GET end",
    "GET nothing",
    "GET unchanged",
    "HEAD plain",
    "HEAD chunked",
    "HEAD surplus",
    "HEAD hints",
    "POST plain",
    "POST chunked",
    "POST early",
    "POST earlyclose",
    "POST surplus",
    "PUT plain",
    "PUT hints",
    "CHUNKS plain",
    "CHUNKS early",
    "CHUNKS surplus",
    "EXPECT continue"
  };

  private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
  private final AtomicInteger right = new AtomicInteger();

  @Test
  void everyClientGetsTheAnswerToItsOwnRequest() throws Exception {
    try (RawBackend one = new RawBackend(CrossedAnswersTest::serve);
        RawBackend two = new RawBackend(CrossedAnswersTest::serve);
        Proxy proxy = Proxy.to(one.address(), two.address())) {
      List<Thread> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        int client = i;
        clients.add(new Thread(() -> run(proxy, client)));
      }
      clients.forEach(Thread::start);
      for (Thread client : clients) {
        client.join();
      }
      assertThat(wrong).isEmpty();
      assertThat(right).hasValue(REQUESTS / CLIENTS * CLIENTS);
      // They did share.
      assertThat(one.connections.get() + two.connections.get()).isLessThan(REQUESTS);
    }
  }

  // ---- the backend

  private static void serve(RawBackend.Peer peer) throws Exception {
    for (String head = peer.request(); head != null; head = peer.request()) {
      String[] words = head.split(" ", 3);
      String[] path = words[1].split("/");
      if (!answer(peer, head, words[0].equals("HEAD"), path[1], path[2])) {
        return;
      }
    }
  }

  /** Reads the body and answers; false when the connection ends. */
  private static boolean answer(
      RawBackend.Peer peer, String head, boolean toHead, String manner, String tag)
      throws Exception {
    String tagged = "X-Tag: " + tag + "\r\n";
    boolean early = manner.startsWith("early");
    if (!early) {
      if (manner.equals("continue")) {
        peer.send("HTTP/1.1 100 Continue\r\n\r\n");
      }
      readBody(peer, head);
    }
    String body = toHead ? "" : tag;
    String plain =
        "HTTP/1.1 200 OK\r\n" + tagged + "Content-Length: " + tag.length() + "\r\n\r\n" + body;
    String chunks =
        toHead ? "" : Integer.toHexString(tag.length()) + "\r\n" + tag + "\r\n0\r\nX: y\r\n\r\n";
    switch (manner) {
      case "chunked" ->
          peer.send("HTTP/1.1 200 OK\r\n" + tagged + "Transfer-Encoding: chunked\r\n\r\n" + chunks);
      case "hints" -> peer.send("HTTP/1.1 103 Early Hints\r\n" + tagged + "\r\n" + plain);
      case "surplus" -> peer.send(plain + POISON);
      case "close", "earlyclose" -> peer.send(plain.replace("X-Tag", "Connection: close\r\nX-Tag"));
      case "end" -> peer.send("HTTP/1.1 200 OK\r\n" + tagged + "\r\n" + body);
      case "nothing" -> peer.send("HTTP/1.1 204 No Content\r\n" + tagged + "\r\n");
      case "unchanged" ->
          peer.send("HTTP/1.1 304 Not Modified\r\n" + tagged + "Content-Length: 9\r\n\r\n");
      default -> peer.send(plain);
    }
    if (manner.equals("early")) {
      readBody(peer, head);
    }
    return !manner.equals("close") && !manner.equals("end") && !manner.equals("earlyclose");
  }

  private static void readBody(RawBackend.Peer peer, String head) throws IOException {
    if (head.contains("\r\nTransfer-Encoding: chunked\r\n")) {
      StringBuilder end = new StringBuilder();
      while (!end.toString().endsWith("\r\n0\r\n\r\n")) {
        end.append(peer.read(1));
      }
    } else {
      peer.read(RawClient.length(head));
    }
  }

  // ---- the clients

  private void run(Proxy proxy, int number) {
    SplittableRandom random = new SplittableRandom(number);
    RawClient client = null;
    try {
      for (int i = 0; i < REQUESTS / CLIENTS; i++) {
        if (client == null) {
          client = proxy.client();
        }
        String[] manner = MANNERS[random.nextInt(MANNERS.length)].split(" ");
        String tag = "c" + number + "-" + i;
        send(client, manner[0], "/" + manner[1] + "/" + tag, random.nextInt(3000));
        if (!receive(client, manner, tag)) {
          client.close();
          client = null;
        }
      }
    } catch (Exception failure) {
      wrong.add("client " + number + ": " + failure);
    } finally {
      closed(client);
    }
  }

  private static void closed(RawClient client) {
    try {
      if (client != null) {
        client.close();
      }
    } catch (IOException ended) {
      // It was at its end anyway.
    }
  }

  private static void send(RawClient client, String how, String path, int size) throws IOException {
    String host = " HTTP/1.1\r\nHost: a\r\n";
    String body = "b".repeat(size);
    String length = "Content-Length: " + size + "\r\n\r\n";
    switch (how) {
      case "GET", "HEAD" -> client.send(how + " " + path + host + "\r\n");
      case "POST", "PUT" -> {
        client.send(how + " " + path + host + length);
        client.send(body);
      }
      case "CHUNKS" -> {
        String chunk = Integer.toHexString(size + 1) + "\r\n" + body + "c\r\n";
        client.send("POST " + path + host + "Transfer-Encoding: chunked\r\n\r\n" + chunk);
        client.send("0\r\n\r\n");
      }
      default -> client.send("POST " + path + host + "Expect: 100-continue\r\n" + length + body);
    }
  }

  /** Checks whose answer it is; whether the connection serves another request. */
  private boolean receive(RawClient client, String[] manner, String tag) throws IOException {
    String head = client.readHead();
    while (head.startsWith("HTTP/1.1 1")) {
      if (head.startsWith("HTTP/1.1 103") && !head.contains("X-Tag: " + tag + "\r\n")) {
        wrong.add(tag + " got the hints " + head);
      }
      head = client.readHead();
    }
    boolean bodyless = manner[0].equals("HEAD") || head.matches("(?s)HTTP/1.1 [23]04 .*");
    String body = bodyless ? tag : body(client, head);
    if (head.contains("\r\nX-Tag: " + tag + "\r\n") && body.equals(tag)) {
      right.incrementAndGet();
    } else {
      wrong.add(String.join(" ", manner) + " " + tag + " got " + head + body);
    }
    return !head.toLowerCase(Locale.ROOT).contains("connection: close");
  }

  private static String body(RawClient client, String head) throws IOException {
    if (!head.contains("Transfer-Encoding: chunked\r\n")) {
      return client.read(RawClient.length(head));
    }
    StringBuilder all = new StringBuilder();
    while (!all.toString().endsWith("0\r\n\r\n")) {
      all.append(client.read(1));
    }
    return all.toString().replaceAll("(?m)^[0-9a-f]+\r\n|\r\n", "");
  }
}
