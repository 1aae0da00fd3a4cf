import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Follows a topic, which need not exist yet, until a number of records could be read.
 * Fields: topic, count, isolation (read_committed), timeoutMs (30000).
 */
public class Await {
  private static final int POLL_MS = 100;

  static JsonNode run(Request request) throws Exception {
    String topic = request.text("topic");
    long wanted = request.number("count", 1L);
    long timeoutMs = request.number("timeoutMs", 30_000L);
    long deadline = System.currentTimeMillis() + timeoutMs;
    Properties properties = request.client();
    properties.put("isolation.level", request.text("isolation", "read_committed"));
    properties.put("enable.auto.commit", "false");
    properties.put("auto.offset.reset", "earliest");
    properties.put("allow.auto.create.topics", "false");
    properties.put("max.poll.records", "10000");
    long seen = 0;
    try (var consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions = List.of();
      while (seen < wanted) {
        if (System.currentTimeMillis() > deadline) {
          throw new IllegalStateException(topic + ": " + seen + " of " + wanted + " records within " + timeoutMs + " ms");
        }
        List<TopicPartition> known = partitions(request.admin(), topic);
        if (known.size() > partitions.size()) {
          partitions = known;
          consumer.assign(partitions);
        }
        if (partitions.isEmpty()) Thread.sleep(POLL_MS);
        else seen += consumer.poll(Duration.ofMillis(POLL_MS)).count();
      }
    }
    return Bridge.JSON.getNodeFactory().numberNode(seen);
  }

  private static List<TopicPartition> partitions(Admin admin, String topic) throws Exception {
    List<TopicPartition> partitions = new ArrayList<>();
    try {
      for (var info : admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic).partitions()) {
        partitions.add(new TopicPartition(topic, info.partition()));
      }
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) throw e;
    }
    return partitions;
  }
}
