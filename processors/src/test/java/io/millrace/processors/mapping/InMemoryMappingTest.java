package io.millrace.processors.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import io.millrace.engine.testing.InMemoryStore;
import io.millrace.engine.testing.StorageStep;
import io.millrace.processors.api.MappingOptions;
import io.millrace.processors.api.ServiceException;
import io.millrace.testkit.Awaits;
import org.junit.jupiter.api.Test;

class InMemoryMappingTest extends MappingContract {

  private final InMemoryStore store = InMemoryStore.fresh();

  @Override
  Config storage() {
    return store.config();
  }

  @Test
  void saysWhenAChangeIsPerhapsNotStored() {
    store.fail(
        StorageStep.ACKNOWLEDGE, MappingsActor.PERSISTENCE_ID, new InMemoryStore.StorageFailed());
    assertThatThrownBy(() -> create(MappingOptions.defaults()))
        .isInstanceOf(ServiceException.class);
    // It was stored, as asking shows, and mappings go on.
    assertThat(mappings()).hasSize(1);
    String uuid = mappings().get(0).uuid();
    get(desk().delete(uuid));
    Awaits.await("the mapping to go", () -> mappings().isEmpty());
    assertThat(create(MappingOptions.defaults())).isNotEqualTo(uuid);
  }
}
