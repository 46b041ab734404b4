//! ITU-T G.107 (06/2015), "The E-model: a computational model for use in transmission planning".

/// Input parameters of the E-model; the defaults are those of G.107 table 2.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EModel {
	/// Send loudness rating, dB.
	pub slr: f64,
	/// Receive loudness rating, dB.
	pub rlr: f64,
	/// Sidetone masking rating, dB.
	pub stmr: f64,
	/// D-value of the telephone, send side.
	pub ds: f64,
	/// D-value of the telephone, receive side.
	pub dr: f64,
	/// Talker echo loudness rating, dB.
	pub telr: f64,
	/// Weighted echo path loss, dB.
	pub wepl: f64,
	/// Mean one-way delay of the echo path, ms.
	pub t: f64,
	/// Round-trip delay in a four-wire loop, ms.
	pub tr: f64,
	/// Absolute delay in echo-free connections, ms.
	pub ta: f64,
	/// Number of quantization distortion units.
	pub qdu: f64,
	/// Equipment impairment factor.
	pub ie: f64,
	/// Packet-loss robustness factor.
	pub bpl: f64,
	/// Random packet-loss probability, percent.
	pub ppl: f64,
	/// Burst ratio.
	pub burst_r: f64,
	/// Circuit noise referred to the 0 dBr point, dBm0p.
	pub nc: f64,
	/// Noise floor at the receive side, dBmp.
	pub nfor: f64,
	/// Room noise at the send side, dB(A).
	pub ps: f64,
	/// Room noise at the receive side, dB(A).
	pub pr: f64,
	/// Advantage factor.
	pub a: f64,
	/// Delay sensitivity.
	pub s_t: f64,
	/// Minimum perceivable delay, ms.
	pub m_t: f64,
}

impl Default for EModel {
	fn default() -> Self {
		Self {
			slr: 8.0,
			rlr: 2.0,
			stmr: 15.0,
			ds: 3.0,
			dr: 3.0,
			telr: 65.0,
			wepl: 110.0,
			t: 0.0,
			tr: 0.0,
			ta: 0.0,
			qdu: 1.0,
			ie: 0.0,
			bpl: 4.3,
			ppl: 0.0,
			burst_r: 1.0,
			nc: -70.0,
			nfor: -64.0,
			ps: 35.0,
			pr: 35.0,
			a: 0.0,
			s_t: 1.0,
			m_t: 100.0,
		}
	}
}

fn db_sum(levels: &[f64]) -> f64 {
	10.0 * levels.iter().map(|l| 10f64.powf(l / 10.0)).sum::<f64>().log10()
}

impl EModel {
	/// Sum of all noise, referred to the 0 dBr point (G.107 §7.2, equations 7-3 to 7-7).
	fn no(&self) -> f64 {
		let olr = self.slr + self.rlr;
		let nos =
			self.ps - self.slr - self.ds - 100.0 + 0.004 * (self.ps - olr - self.ds - 14.0).powi(2);
		let lstr = self.stmr + self.dr;
		let pre = self.pr + 10.0 * (1.0 + 10f64.powf((10.0 - lstr) / 10.0)).log10();
		let nor = self.rlr - 121.0 + pre + 0.008 * (pre - 35.0).powi(2);
		let nfo = self.nfor + self.rlr;
		db_sum(&[self.nc, nos, nor, nfo])
	}

	/// Basic signal-to-noise ratio (G.107 §7.2, equation 7-2).
	fn ro(&self) -> f64 {
		15.0 - 1.5 * (self.slr + self.no())
	}

	/// Non-optimum sidetone (G.107 §7.3, equations 7-12 and 7-13).
	fn ist(&self) -> f64 {
		let stmro = -10.0
			* (10f64.powf(-self.stmr / 10.0)
				+ (-self.t / 4.0).exp() * 10f64.powf(-self.telr / 10.0))
			.log10();
		let term = |x: f64, n: f64| (1.0 + x.powf(n)).powf(1.0 / n);
		// The exponents 35 and 13 are odd; the bases are positive for every STMR above 3 dB.
		12.0 * (1.0 + ((stmro - 13.0) / 6.0).powi(8)).powf(1.0 / 8.0)
			- 28.0 * term(((stmro + 1.0) / 19.4).max(0.0), 35.0)
			- 13.0 * term(((stmro - 3.0) / 33.0).max(0.0), 13.0)
			+ 29.0
	}

	/// Simultaneous impairment factor (G.107 §7.3).
	fn is(&self) -> f64 {
		let olr = self.slr + self.rlr;
		let xolr = olr + 0.2 * (64.0 + self.no() - self.rlr);
		let iolr = 20.0 * ((1.0 + (xolr / 8.0).powi(8)).powf(1.0 / 8.0) - xolr / 8.0);
		let q = 37.0 - 15.0 * self.qdu.log10();
		let g = 1.07 + 0.258 * q + 0.0602 * q * q;
		let y = (self.ro() - 100.0) / 15.0 + 46.0 / 8.4 - g / 9.0;
		let z = 46.0 / 30.0 - g / 40.0;
		let iq = 15.0 * (1.0 + 10f64.powf(y) + 10f64.powf(z)).log10();
		iolr + self.ist() + iq
	}

	/// Impairment by delay: talker echo, listener echo, absolute delay (G.107 §7.4).
	pub fn id(&self) -> f64 {
		let mut terv = self.telr - 40.0 * ((1.0 + self.t / 10.0) / (1.0 + self.t / 150.0)).log10()
			+ 6.0 * (-0.3 * self.t * self.t).exp();
		if self.stmr < 9.0 {
			terv += self.ist() / 2.0;
		}
		let re = 80.0 + 2.5 * (terv - 14.0);
		let roe = -1.5 * (self.no() - self.rlr);
		let half = (roe - re) / 2.0;
		let mut idte = (half + (half * half + 100.0).sqrt() - 1.0) * (1.0 - (-self.t).exp());
		if self.stmr > 20.0 {
			idte = idte.hypot(self.ist());
		}
		let rle = 10.5 * (self.wepl + 7.0) * (self.tr + 1.0).powf(-0.25);
		let half = (self.ro() - rle) / 2.0;
		let idle = half + (half * half + 169.0).sqrt();
		idte + idle + self.idd()
	}

	/// Impairment by too long absolute delay (G.107 §7.4, equations 7-27 and 7-28).
	pub fn idd(&self) -> f64 {
		if self.ta <= self.m_t {
			return 0.0;
		}
		let x = (self.ta / self.m_t).log2();
		let n = 6.0 * self.s_t;
		25.0 * ((1.0 + x.powf(n)).powf(1.0 / n) - 3.0 * (1.0 + (x / 3.0).powf(n)).powf(1.0 / n)
			+ 2.0)
	}

	/// Effective equipment impairment factor (G.107 §7.5, equation 7-29); at most 95.
	pub fn ie_eff(&self) -> f64 {
		if self.ppl <= 0.0 {
			return self.ie;
		}
		let lost = self.ppl / (self.ppl / self.burst_r + self.bpl);
		self.ie + (95.0 - self.ie) * lost.min(1.0)
	}

	/// Transmission rating factor (G.107 §7.1, equation 7-1).
	pub fn r(&self) -> f64 {
		self.ro() - self.is() - self.id() - self.ie_eff() + self.a
	}
}

/// Mean opinion score of a rating (G.107 annex B, equation B-4); never below 1.
pub fn mos(r: f64) -> f64 {
	if r.is_nan() || r <= 0.0 {
		1.0
	} else if r >= 100.0 {
		4.5
	} else {
		(1.0 + 0.035 * r + r * (r - 60.0) * (100.0 - r) * 7e-6).max(1.0)
	}
}

/// Burst ratio (G.107 §7.5): the mean length of observed bursts of loss over the mean length that
/// random loss of the same rate would have, `1 / (1 − Ppl/100)`. At least 1.
pub fn burst_ratio(lost: u64, bursts: u64, loss_percent: f64) -> f64 {
	if bursts == 0 {
		return 1.0;
	}
	(lost as f64 / bursts as f64 * (1.0 - loss_percent / 100.0)).max(1.0)
}

#[cfg(test)]
mod tests {
	use super::*;

	fn near(a: f64, b: f64, tolerance: f64) {
		assert!((a - b).abs() <= tolerance, "{a} is not {b}");
	}

	/// G.107 §7.7 / table 2: "default values … R = 93.2"; annex B: MOS 4.41.
	#[test]
	fn default_rating_is_93_2() {
		near(EModel::default().r(), 93.2, 0.05);
		near(mos(EModel::default().r()), 4.41, 0.005);
	}

	/// G.107 annex B, table B.1.
	#[test]
	fn mos_agrees_with_annex_b() {
		for (r, m) in [(90.0, 4.34), (80.0, 4.03), (70.0, 3.60), (60.0, 3.10), (50.0, 2.58)] {
			near(mos(r), m, 0.0101); // the table itself rounds 4.024 up to 4.03
		}
		assert_eq!(
			(mos(0.0), mos(-5.0), mos(3.0), mos(100.0), mos(200.0)),
			(1.0, 1.0, 1.0, 4.5, 4.5)
		);
	}

	/// By hand from equation 7-28: Ta = 200 ms is X = 1, Ta = 400 ms is X = 2.
	#[test]
	fn absolute_delay_costs_what_equation_says() {
		let idd = |ta| EModel { ta, ..EModel::default() }.idd();
		assert_eq!((idd(0.0), idd(100.0)), (0.0, 0.0));
		near(
			idd(200.0),
			25.0 * (2f64.powf(1.0 / 6.0) - 3.0 * (1.0 + 1.0 / 729.0f64).powf(1.0 / 6.0) + 2.0),
			1e-9,
		);
		near(idd(200.0), 3.04, 0.01);
		near(
			idd(400.0),
			25.0 * (65f64.powf(1.0 / 6.0) - 3.0 * (1.0 + 64.0 / 729.0f64).powf(1.0 / 6.0) + 2.0),
			1e-9,
		);
		assert!(idd(150.0) > 0.0 && idd(150.0) < idd(200.0) && idd(200.0) < idd(400.0));
	}

	/// G.113 appendix I: G.711 with concealment has Bpl = 25.1, without 4.3.
	#[test]
	fn loss_costs_what_equation_says() {
		let ie = |bpl, ppl, burst_r| EModel { bpl, ppl, burst_r, ..EModel::default() }.ie_eff();
		assert_eq!(ie(4.3, 0.0, 1.0), 0.0);
		near(ie(25.1, 2.0, 1.0), 95.0 * 2.0 / 27.1, 1e-9);
		near(ie(4.3, 2.0, 1.0), 95.0 * 2.0 / 6.3, 1e-9);
		assert!(ie(25.1, 2.0, 2.0) > ie(25.1, 2.0, 1.0));
		near(burst_ratio(10, 5, 50.0), 1.0, 1e-9);
		near(burst_ratio(10, 2, 10.0), 4.5, 1e-9);
	}
}
