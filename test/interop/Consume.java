import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * A member of a consumer group. Fields: group, topics or pattern, protocol (classic, consumer), reset (earliest), isolation (read_committed),
 * count, consumer (name for stopConsume). Each record is an item: topic, partition, offset, value. What was told of is committed before more is polled.
 * Ends, having committed and left the group, after count records or when stopped; a count ends within a poll, exactly there.
 */
public class Consume {
  private static final Map<String, AtomicBoolean> RUNNING = new ConcurrentHashMap<>();

  static JsonNode run(Request request) throws Exception {
    AtomicBoolean running = new AtomicBoolean(true);
    RUNNING.put(request.text("consumer"), running);
    long wanted = request.number("count", Long.MAX_VALUE);
    long seen = 0;
    try (var consumer = open(request)) {
      if (request.body.hasNonNull("pattern")) consumer.subscribe(Pattern.compile(request.text("pattern")));
      else consumer.subscribe(topics(request));
      while (running.get() && seen < wanted) {
        Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
          if (seen++ == wanted) break;
          tell(request, record);
          next.put(new TopicPartition(record.topic(), record.partition()), new OffsetAndMetadata(record.offset() + 1));
        }
        if (!next.isEmpty()) consumer.commitSync(next);
      }
    } finally {
      RUNNING.remove(request.text("consumer"), running);
    }
    return Bridge.JSON.getNodeFactory().numberNode(Math.min(seen, wanted));
  }

  static JsonNode stop(Request request) {
    AtomicBoolean running = RUNNING.get(request.text("consumer"));
    if (running != null) running.set(false);
    return null;
  }

  private static KafkaConsumer<byte[], byte[]> open(Request request) {
    Properties properties = request.client();
    properties.put("group.id", request.text("group"));
    properties.put("group.protocol", request.text("protocol", "classic"));
    properties.put("isolation.level", request.text("isolation", "read_committed"));
    properties.put("auto.offset.reset", request.text("reset", "earliest"));
    properties.put("enable.auto.commit", "false");
    properties.put("allow.auto.create.topics", "false");
    properties.put("metadata.max.age.ms", "1000");
    properties.put("max.poll.records", String.valueOf(request.number("maxPollRecords", 500)));
    return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private static List<String> topics(Request request) {
    List<String> topics = new ArrayList<>();
    for (JsonNode topic : request.body.get("topics")) topics.add(topic.asText());
    return topics;
  }

  private static void tell(Request request, ConsumerRecord<byte[], byte[]> record) {
    ArrayNode item = Bridge.JSON.createArrayNode().add(record.topic()).add(record.partition()).add(record.offset());
    item.add(record.value() == null ? null : Base64.getEncoder().encodeToString(record.value()));
    request.item(item);
  }
}
