//! Loops that are compiled twice: for every machine, and for those whose registers are wider.

/// A function whose loops run in registers of 32 bytes where the machine has them. What it calls does so too where it
/// is always inlined.
macro_rules! wider {
    (
        $(#[$note:meta])*
        $seen:vis fn $name:ident $(<$generic:ident: $bound:path>)? ($($given:ident: $kind:ty),* $(,)?) $(-> $made:ty)?
        $body:block
    ) => {
        $(#[$note])*
        $seen fn $name $(<$generic: $bound>)? ($($given: $kind),*) $(-> $made)? {
            #[inline(always)]
            fn work $(<$generic: $bound>)? ($($given: $kind),*) $(-> $made)? $body

            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx2")]
                fn wide $(<$generic: $bound>)? ($($given: $kind),*) $(-> $made)? {
                    work $(::<$generic>)? ($($given),*)
                }
                if std::arch::is_x86_feature_detected!("avx2") {
                    // SAFETY: the machine has just said that it knows these instructions.
                    return unsafe { wide $(::<$generic>)? ($($given),*) };
                }
            }
            work $(::<$generic>)? ($($given),*)
        }
    };
}
pub(super) use wider;
