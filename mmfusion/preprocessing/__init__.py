"""Chapter 2's cleaning and normalising of video, sound and text."""

from mmfusion.rooms import open_room

__all__ = open_room(
    __name__,
    cropping=["crop_box", "crop_centre", "crop_letterbox", "find_letterbox"],
    denoising=["denoise_bilateral", "denoise_median", "denoise_nlmeans"],
    frame_rate=["change_frame_rate"],
    frames=["check_frames"],
    low_light=["correct_gamma", "equalise_light"],
    stabilisation=["estimate_motion", "stabilise"],
)
