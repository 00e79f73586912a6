//! Go's unstable sort, step for step: what it does with equal elements is seen in kubectl's output.

/// The places `0..length` in the order that Go's `sort.Sort` leaves them in.
pub(crate) fn order(length: usize, less: impl Fn(usize, usize) -> bool) -> Vec<usize> {
    let mut data = Data { places: (0..length).collect(), less };
    if length > 1 {
        data.sort(0, length, usize::BITS - length.leading_zeros());
    }
    data.places
}

struct Data<F> {
    places: Vec<usize>,
    less: F,
}

#[derive(Clone, Copy, PartialEq)]
enum Hint {
    Unknown,
    Increasing,
    Decreasing,
}

impl<F: Fn(usize, usize) -> bool> Data<F> {
    fn less(&self, a: usize, b: usize) -> bool {
        (self.less)(self.places[a], self.places[b])
    }

    fn swap(&mut self, a: usize, b: usize) {
        self.places.swap(a, b);
    }

    fn sort(&mut self, mut from: usize, mut to: usize, mut limit: u32) {
        let (mut balanced, mut partitioned) = (true, true);
        loop {
            let length = to - from;
            if length <= 12 {
                return self.insertion(from, to);
            }
            if limit == 0 {
                return self.heap(from, to);
            }
            if !balanced {
                self.break_patterns(from, to);
                limit -= 1;
            }
            let (mut pivot, mut hint) = self.pivot(from, to);
            if hint == Hint::Decreasing {
                self.places[from..to].reverse();
                pivot = (to - 1) - (pivot - from);
                hint = Hint::Increasing;
            }
            if balanced && partitioned && hint == Hint::Increasing && self.partial_insertion(from, to) {
                return;
            }
            if from > 0 && !self.less(from - 1, pivot) {
                from = self.partition_equal(from, to, pivot);
                continue;
            }
            let (middle, already) = self.partition(from, to, pivot);
            partitioned = already;
            let (left, right) = (middle - from, to - middle);
            let threshold = length / 8;
            if left < right {
                balanced = left >= threshold;
                self.sort(from, middle, limit);
                from = middle + 1;
            } else {
                balanced = right >= threshold;
                self.sort(middle + 1, to, limit);
                to = middle;
            }
        }
    }

    fn insertion(&mut self, from: usize, to: usize) {
        for i in from + 1..to {
            let mut j = i;
            while j > from && self.less(j, j - 1) {
                self.swap(j, j - 1);
                j -= 1;
            }
        }
    }

    fn sift_down(&mut self, low: usize, high: usize, first: usize) {
        let mut root = low;
        loop {
            let mut child = 2 * root + 1;
            if child >= high {
                return;
            }
            if child + 1 < high && self.less(first + child, first + child + 1) {
                child += 1;
            }
            if !self.less(first + root, first + child) {
                return;
            }
            self.swap(first + root, first + child);
            root = child;
        }
    }

    fn heap(&mut self, from: usize, to: usize) {
        let high = to - from;
        for i in (0..=(high - 1) / 2).rev() {
            self.sift_down(i, high, from);
        }
        for i in (0..high).rev() {
            self.swap(from, from + i);
            self.sift_down(0, i, from);
        }
    }

    fn partition(&mut self, from: usize, to: usize, pivot: usize) -> (usize, bool) {
        self.swap(from, pivot);
        let (mut i, mut j) = (from + 1, to - 1);
        let mut already = true;
        loop {
            while i <= j && self.less(i, from) {
                i += 1;
            }
            while i <= j && !self.less(j, from) {
                j -= 1;
            }
            if i > j {
                break;
            }
            already = false;
            self.swap(i, j);
            i += 1;
            j -= 1;
        }
        self.swap(j, from);
        (j, already)
    }

    fn partition_equal(&mut self, from: usize, to: usize, pivot: usize) -> usize {
        self.swap(from, pivot);
        let (mut i, mut j) = (from + 1, to - 1);
        loop {
            while i <= j && !self.less(from, i) {
                i += 1;
            }
            while i <= j && self.less(from, j) {
                j -= 1;
            }
            if i > j {
                return i;
            }
            self.swap(i, j);
            i += 1;
            j -= 1;
        }
    }

    fn partial_insertion(&mut self, from: usize, to: usize) -> bool {
        let mut i = from + 1;
        for _ in 0..5 {
            while i < to && !self.less(i, i - 1) {
                i += 1;
            }
            if i == to {
                return true;
            }
            if to - from < 50 {
                return false;
            }
            self.swap(i, i - 1);
            if i - from >= 2 {
                for j in (1..i).rev() {
                    if !self.less(j, j - 1) {
                        break;
                    }
                    self.swap(j, j - 1);
                }
            }
            if to - i >= 2 {
                for j in i + 1..to {
                    if !self.less(j, j - 1) {
                        break;
                    }
                    self.swap(j, j - 1);
                }
            }
        }
        false
    }

    fn break_patterns(&mut self, from: usize, to: usize) {
        let length = to - from;
        if length < 8 {
            return;
        }
        let mut random = length as u64;
        let modulus = 1_u64 << (usize::BITS - length.leading_zeros());
        let middle = from + length / 4 * 2;
        for place in middle - 1..=middle + 1 {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            let mut other = usize::try_from(random & (modulus - 1)).unwrap_or_default();
            if other >= length {
                other -= length;
            }
            self.swap(place, from + other);
        }
    }

    fn pivot(&self, from: usize, to: usize) -> (usize, Hint) {
        let length = to - from;
        let mut swaps = 0;
        let (mut i, mut j, mut k) = (from + length / 4, from + length / 4 * 2, from + length / 4 * 3);
        if length >= 50 {
            i = self.median(i - 1, i, i + 1, &mut swaps);
            j = self.median(j - 1, j, j + 1, &mut swaps);
            k = self.median(k - 1, k, k + 1, &mut swaps);
        }
        if length >= 8 {
            j = self.median(i, j, k, &mut swaps);
        }
        let hint = match swaps {
            0 => Hint::Increasing,
            12 => Hint::Decreasing,
            _ => Hint::Unknown,
        };
        (j, hint)
    }

    fn median(&self, a: usize, b: usize, c: usize, swaps: &mut u32) -> usize {
        let (a, b) = self.order_two(a, b, swaps);
        let (b, _) = self.order_two(b, c, swaps);
        self.order_two(a, b, swaps).1
    }

    fn order_two(&self, a: usize, b: usize, swaps: &mut u32) -> (usize, usize) {
        if self.less(b, a) {
            *swaps += 1;
            (b, a)
        } else {
            (a, b)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_elements_end_where_go_leaves_them() {
        // Number of elements, number of different keys, a sum over the order that Go's sort.Sort gave.
        for (length, different, sum) in [
            (13, 1, 27_130_606_997_161_158),
            (13, 3, 7_116_097_423_815_742_338),
            (13, 7, 6_328_358_018_917_043_628),
            (20, 3, 1_290_845_538_589_473_528),
            (20, 1000, 4_578_950_838_567_150_234),
            (60, 1, 17_014_990_362_695_617_566),
            (60, 3, 11_066_830_178_144_200_622),
            (60, 7, 41_805_942_872_892_542),
            (200, 3, 5_834_501_137_085_455_692),
            (200, 7, 11_287_112_891_579_615_212),
            (200, 1000, 15_483_390_466_079_904_960),
        ] {
            let mut seed: u32 = length * 31 + different;
            let keys: Vec<u32> = (0..length)
                .map(|_| {
                    seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    (seed >> 8) % different
                })
                .collect();
            let order = order(keys.len(), |a, b| keys[a] < keys[b]);
            let found = order.iter().fold(0_u64, |sum, place| sum.wrapping_mul(31).wrapping_add(*place as u64));
            assert_eq!(found, sum, "{length} {different}");
        }
    }
}
