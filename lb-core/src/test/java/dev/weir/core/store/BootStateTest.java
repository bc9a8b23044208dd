package dev.weir.core.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.core.config.Document;
import dev.weir.core.store.BootState.Conflicted;
import dev.weir.core.store.BootState.Ready;
import dev.weir.core.store.ConfigStore.Change;
import dev.weir.core.store.ConfigStore.Stored;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BootStateTest {
  private static final Document FILE = document("{'pools':{'web':{'retries':1}}}");
  private static final Document CHANGED_BY_API =
      document("{'pools':{'web':{'retries':1,'balance':'random'}}}");

  private static Document document(String json) {
    return Document.of(History.json(json));
  }

  private static Optional<Stored> stored(Document base, Document effective) {
    return Optional.of(new Stored(7, base, effective));
  }

  @Test
  void theFirstStartStoresTheFile() {
    Ready ready = (Ready) BootState.combine(Optional.empty(), FILE, false);
    assertThat(ready.effective()).isEqualTo(FILE);
    Change change = ready.change("file", "boot", 5).orElseThrow();
    assertThat(change.base()).isEqualTo(FILE);
    assertThat(LogState.after(null, 1, change).effective()).isEqualTo(FILE);
  }

  @Test
  void anEmptyConfigurationIsStoredOnTheFirstStartToo() {
    Ready ready = (Ready) BootState.combine(Optional.empty(), Document.empty(), false);
    assertThat(ready.change("file", "", 5)).isPresent();
  }

  @Test
  void anUnchangedFileKeepsTheChangesAndStoresNothing() {
    Ready ready = (Ready) BootState.combine(stored(FILE, CHANGED_BY_API), FILE, false);
    assertThat(ready.generation()).isEqualTo(7);
    assertThat(ready.effective()).isEqualTo(CHANGED_BY_API);
    assertThat(ready.change("file", "", 5)).isEmpty();
  }

  @Test
  void aChangedFileIsMergedWithTheChangesAndStored() {
    Document file = document("{'pools':{'web':{'retries':2},'api':{}}}");
    Optional<Stored> stored = stored(FILE, CHANGED_BY_API);
    Ready ready = (Ready) BootState.combine(stored, file, false);
    Document both = document("{'pools':{'web':{'retries':2,'balance':'random'},'api':{}}}");
    assertThat(ready.effective()).isEqualTo(both);
    Change change = ready.change("file", "", 5).orElseThrow();
    Stored after = LogState.after(stored.get(), 8, change);
    assertThat(after.base()).isEqualTo(file);
    assertThat(after.effective()).isEqualTo(both);
  }

  @Test
  void aFileThatTookOverTheChangesIsANewBase() {
    Ready ready = (Ready) BootState.combine(stored(FILE, CHANGED_BY_API), CHANGED_BY_API, false);
    assertThat(ready.effective()).isEqualTo(CHANGED_BY_API);
    assertThat(ready.patch().isEmpty()).isTrue();
    assertThat(ready.change("file", "", 5).orElseThrow().base()).isEqualTo(CHANGED_BY_API);
  }

  @Test
  void contradictionsAreToldWithBothSides() {
    Document file = document("{'pools':{'web':{'retries':3}}}");
    Document api = document("{'pools':{'web':{'retries':2}}}");
    Conflicted conflicted = (Conflicted) BootState.combine(stored(FILE, api), file, false);
    assertThat(conflicted.message())
        .isEqualTo(
            """
            the configuration file and changes made through the API contradict each other:
            /pools/web/retries: the file has 3, the API 2, before 1
            write the wanted values into the file, or give --discard-api-changes to drop every\
             change made through the API""");
  }

  @Test
  void changesCanBeDiscarded() {
    Document file = document("{'pools':{'web':{'retries':3}}}");
    Document api = document("{'pools':{'web':{'retries':2}}}");
    Optional<Stored> stored = stored(FILE, api);
    Ready ready = (Ready) BootState.combine(stored, file, true);
    assertThat(ready.effective()).isEqualTo(file);
    Stored after = LogState.after(stored.get(), 8, ready.change("f", "", 5).orElseThrow());
    assertThat(after.effective()).isEqualTo(file);
    Ready same = (Ready) BootState.combine(stored(FILE, api), FILE, true);
    assertThat(same.effective()).isEqualTo(FILE);
    assertThat(same.change("f", "", 5).orElseThrow().base()).isNull();
    assertThat(((Ready) BootState.combine(stored(FILE, FILE), FILE, true)).change("f", "", 5))
        .isEmpty();
  }

  @Test
  void whatStandsInTheFileKeepsItsPlace() {
    Document file =
        new Document(
            FILE.tree(),
            Map.of(
                "/pools/web", new Document.Origin("lb.yaml", 3),
                "/pools/web/retries", new Document.Origin("lb.yaml", 4)));
    Ready ready = (Ready) BootState.combine(stored(FILE, CHANGED_BY_API), file, false);
    assertThat(ready.effective().origin("/pools/web/retries").line()).isEqualTo(4);
    assertThat(ready.effective().origin("/pools/web/balance")).isNull();
  }
}
