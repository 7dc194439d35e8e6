package io.millrace.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link Members} against the map of the library. */
class MembersTest {

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void isAMapInTheOrderOfArrival(long seed) {
    Random random = new Random(seed);
    Map<String, Object> members = new Members();
    Map<String, Object> expected = new LinkedHashMap<>();
    for (int i = 0; i < 2_000; i++) {
      String name = "Member" + random.nextInt(12);
      if (random.nextInt(3) == 0) {
        assertThat(members.remove(name)).isEqualTo(expected.remove(name));
      } else {
        assertThat(members.put(name, i)).isEqualTo(expected.put(name, i));
      }
      assertThat(members).containsExactlyEntriesOf(expected).hasSameSizeAs(expected);
      assertThat(members.get(name)).isEqualTo(expected.get(name));
      assertThat(members.containsKey(name)).isEqualTo(expected.containsKey(name));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4, 5})
  void anIteratorEnds(int size) {
    Members members = new Members();
    for (int i = 0; i < size; i++) {
      members.put("Member" + i, i);
    }
    var entries = members.entrySet().iterator();
    for (int i = 0; i < size; i++) {
      assertThat(entries.next()).isEqualTo(Map.entry("Member" + i, i));
    }
    assertThatThrownBy(entries::next).isInstanceOf(NoSuchElementException.class);
  }
}
